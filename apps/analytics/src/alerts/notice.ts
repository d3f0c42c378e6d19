import { createHmac } from 'node:crypto';
import { messageOf, RegularsError, TransientError, type Telemetry } from '@regulars/contracts';

/** Where notices go and what signs them. */
export interface NoticeTarget {
  readonly url: string;
  /** `whsec_` and base64; two with a blank between while the secret is being changed. */
  readonly secret: string;
}

export interface Notice {
  /** The same for every attempt, so that the receiver knows a notice that comes again. */
  readonly id: string;
  /** JSON. */
  readonly body: string;
}

/** A receiver that has not answered by then is tried again later. */
const ANSWER_WITHIN_MS = 10_000;
/** Answers that say "later" though they begin with 4: Request Timeout, Too Early, Too Many Requests. */
const LATER: readonly number[] = [408, 425, 429];

/** The headers of a message after the Standard Webhooks specification: `v1,` and the base64 of HMAC-SHA256 over
 *  `id.timestamp.body`, keyed by the secret's bytes; a signature for each secret, with a blank between, of which a
 *  receiver accepts any.
 *  @param secret one, or several with a blank between
 *  @param atS seconds since 1970 */
export function signedHeaders({ id, body }: Notice, secret: string, atS: number): Record<string, string> {
  const signatures = secret.split(' ').map((one) => {
    const key = Buffer.from(one.replace(/^whsec_/, ''), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${atS}.${body}`, 'utf8').digest('base64')}`;
  });
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': `${atS}`,
    'webhook-signature': signatures.join(' '),
  };
}

/** Sends a notice once. A redirect is not followed: the operator named the receiver.
 *  @throws TransientError NOTICE_UNDELIVERED when the receiver is away or says "later"
 *  @throws RegularsError NOTICE_REFUSED when it does not want it; trying again would change nothing */
export async function sendNotice(
  notice: Notice,
  { url, secret }: NoticeTarget,
  telemetry: Telemetry,
  nowMs: number,
): Promise<void> {
  const count = (result: string) => telemetry.meter.count('regulars_notices_total', { result });
  const headers = signedHeaders(notice, secret, Math.floor(nowMs / 1_000));
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const options = { method: 'POST', headers, body: notice.body, redirect: 'manual', signal } as const;
  const response = await fetch(url, options).catch((error: unknown) => {
    count('undelivered');
    throw new TransientError('NOTICE_UNDELIVERED', { noticeId: notice.id, problem: nameOf(error) });
  });
  await response.body?.cancel();
  const { status } = response;
  if (status >= 200 && status < 300) return count('delivered');
  if (status >= 500 || LATER.includes(status)) {
    count('undelivered');
    throw new TransientError('NOTICE_UNDELIVERED', { noticeId: notice.id, status });
  }
  count('refused');
  throw new RegularsError('NOTICE_REFUSED', { noticeId: notice.id, status });
}

/** The kind of failure without the address, which may carry a secret. */
function nameOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? error.cause : null;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return error instanceof Error ? error.name : messageOf(error);
}
