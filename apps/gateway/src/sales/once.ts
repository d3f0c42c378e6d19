import { createHash } from 'node:crypto';
import { messageOf, RegularsError, type Telemetry } from '@regulars/contracts';
import type { RequestsRepository } from '@regulars/persistence';
import type { HttpRequest, HttpResponse } from '../http/exchange.js';

const LONGEST_KEY = 255;
const RETRY_AFTER_S = 1;

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** Answers a request that carries an Idempotency-Key once: sent again, it gets the first answer. */
export class Once {
  constructor(
    private readonly requests: RequestsRepository,
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
  ): Promise<Body> {
    const key = keyOf(request);
    const { status, body } =
      key === null ? await work() : await this.worked(key, request, response, content, work);
    response.statusCode = status;
    return body;
  }

  private async worked<Body>(
    key: string,
    request: HttpRequest,
    response: HttpResponse,
    content: unknown,
    work: () => Promise<Answer<Body>>,
  ): Promise<Answer<Body>> {
    const id = `${request.holder?.tokenId ?? ''} ${key}`;
    const claim = await this.requests.claim(id, fingerprintOf(request, content), this.now());
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

function fingerprintOf({ method = '', path }: HttpRequest, content: unknown): string {
  return createHash('sha256')
    .update(`${method} ${path} ${JSON.stringify(content)}`)
    .digest('hex');
}
