import { createHash } from 'node:crypto';
import { messageOf, RegularsError, type Telemetry } from '@regulars/contracts';
import {
  ANSWER_KEPT_MS,
  type RequestsRepository,
  type SaleRecord,
  type SaleRequest,
  type SalesRepository,
} from '@regulars/persistence';
import type { HttpRequest, HttpResponse } from '../http/exchange.js';

const LONGEST_KEY = 255;
const RETRY_AFTER_S = 1;
/** Hexadecimal digits that are kept of a hash in a sale: 128 bits. */
const SHORT = 32;

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** What brings exactly one sale: the sale is stored together with the request in one document, and the answer
 *  follows from it, so that nothing else is written. */
export interface SingleSale<Body> {
  /** Null when that cannot be done at once: the sale, or the request, may be there already. */
  readonly store: (request: SaleRequest) => Promise<Answer<Body> | null>;
  /** What was answered when the sale was stored. */
  readonly answerOf: (record: SaleRecord) => Answer<Body>;
}

/** Answers a request that carries an Idempotency-Key once: sent again, it gets the first answer. */
export class Once {
  /** Requests that this process works on. */
  private readonly inHand = new Set<string>();

  constructor(
    private readonly requests: RequestsRepository,
    private readonly sales: Pick<SalesRepository, 'byRequest' | 'forgetRequest'>,
    private readonly telemetry: Telemetry,
    private readonly now: () => number,
  ) {}

  /** @param content what was sent, as parsed: the same content in another notation is the same request
   *  @throws RegularsError IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_KEY_IN_USE, REQUEST_INVALID; what `work` throws,
   *    after which the key may be used again */
  async answer<Body>(
    request: HttpRequest,
    response: HttpResponse,
    content: unknown,
    work: () => Promise<Answer<Body>>,
    single: SingleSale<Body> | null = null,
  ): Promise<Body> {
    const key = keyOf(request);
    const { status, body } =
      key === null
        ? await work()
        : await this.alone(`${request.holder?.tokenId ?? ''} ${key}`, async (id) => {
            const fingerprint = fingerprintOf(request, content);
            const one = { requestId: shortHash(id), requestHash: fingerprint.slice(0, SHORT) };
            return (
              (await this.stored(id, one, single)) ??
              (await this.replayed(one, response, single)) ??
              (await this.worked(id, fingerprint, response, work))
            );
          });
    response.statusCode = status;
    return body;
  }

  private async alone<Result>(id: string, work: (id: string) => Promise<Result>): Promise<Result> {
    if (this.inHand.has(id))
      throw new RegularsError('IDEMPOTENCY_KEY_IN_USE', { retryAfterS: RETRY_AFTER_S });
    this.inHand.add(id);
    try {
      return await work(id);
    } finally {
      this.inHand.delete(id);
    }
  }

  private async stored<Body>(
    id: string,
    request: SaleRequest,
    single: SingleSale<Body> | null,
  ): Promise<Answer<Body> | null> {
    return single !== null && (await this.requests.isFree(id)) ? single.store(request) : null;
  }

  /** The answer to a request whose sale was stored with it, for a day. */
  private async replayed<Body>(
    { requestId, requestHash }: SaleRequest,
    response: HttpResponse,
    single: SingleSale<Body> | null,
  ): Promise<Answer<Body> | null> {
    const first = await this.sales.byRequest(requestId);
    if (first === null) return null;
    if (Date.parse(first.record.receivedAt) + ANSWER_KEPT_MS <= this.now()) {
      await this.sales.forgetRequest(requestId);
      return null;
    }
    if (single === null || first.requestHash !== requestHash)
      throw new RegularsError('IDEMPOTENCY_KEY_REUSED');
    response.setHeader('Idempotent-Replayed', 'true');
    return single.answerOf(first.record);
  }

  private async worked<Body>(
    id: string,
    fingerprint: string,
    response: HttpResponse,
    work: () => Promise<Answer<Body>>,
  ): Promise<Answer<Body>> {
    const claim = await this.requests.claim(id, fingerprint, this.now());
    switch (claim.kind) {
      case 'mine':
        return this.work(id, work);
      case 'answered':
        response.setHeader('Idempotent-Replayed', 'true');
        return { status: claim.answer.status, body: JSON.parse(claim.answer.body) as Body };
      case 'other':
        throw new RegularsError('IDEMPOTENCY_KEY_REUSED');
      case 'busy':
        throw new RegularsError('IDEMPOTENCY_KEY_IN_USE', { retryAfterS: RETRY_AFTER_S });
    }
  }

  private async work<Body>(id: string, work: () => Promise<Answer<Body>>): Promise<Answer<Body>> {
    let answer: Answer<Body>;
    try {
      answer = await work();
    } catch (error) {
      await this.requests.release(id).catch((failure: unknown) => {
        // The claim ends by itself after some seconds.
        this.telemetry.log.warn({ reason: messageOf(failure) }, 'idempotency key not released');
      });
      throw error;
    }
    await this.requests.settle(id, { status: answer.status, body: JSON.stringify(answer.body) });
    return answer;
  }
}

function keyOf(request: HttpRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key === 'string' && key.length > 0 && key.length <= LONGEST_KEY) return key;
  throw new RegularsError('REQUEST_INVALID', {
    'Idempotency-Key': `expected 1 to ${LONGEST_KEY} characters`,
  });
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, SHORT);
}

function fingerprintOf({ method = '', path }: HttpRequest, content: unknown): string {
  return createHash('sha256')
    .update(`${method} ${path} ${JSON.stringify(content)}`)
    .digest('hex');
}
