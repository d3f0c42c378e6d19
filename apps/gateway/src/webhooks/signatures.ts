import { createHmac, timingSafeEqual } from 'node:crypto';
import { assertNever, type WebhookProvider } from '@regulars/contracts';

/** What a provider sent, before any of it is believed. */
export interface SignedMessage {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The very bytes of the body. */
  readonly body: Uint8Array;
}

/** What a gateway knows of a provider. */
export interface WebhookKeys {
  /** One, or two while one takes the place of the other. */
  readonly secrets: readonly string[];
  /** The address that is set at Square, which is part of what Square signs. */
  readonly notificationUrl: string;
}

/** `stale`: signed rightly, but at a time outside of the window. */
export type Verdict = 'valid' | 'invalid' | 'stale';

/** How far a signed time may lie from ours, seconds: what Stripe and Standard Webhooks recommend. */
export const WINDOW_S = 300;
const SECRET_PREFIX = 'whsec_';

/** Whether a provider signed exactly these bytes with one of the secrets, and lately where the signature tells
 *  when. Square and Shopify sign no time: their replays are known by the ids of what they sell. */
export function verdictOn(
  provider: WebhookProvider,
  message: SignedMessage,
  keys: WebhookKeys,
  nowMs: number,
): Verdict {
  switch (provider) {
    case 'square':
      return plainVerdict(message, 'x-square-hmacsha256-signature', keys, keys.notificationUrl);
    case 'shopify':
      return plainVerdict(message, 'x-shopify-hmac-sha256', keys, '');
    case 'stripe':
      return stripeVerdict(message, keys, nowMs);
    case 'standard':
      return standardVerdict(message, keys, nowMs);
    default:
      return assertNever(provider);
  }
}

/** Base64 of the HMAC over a text and the body. */
function plainVerdict(message: SignedMessage, name: string, keys: WebhookKeys, before: string): Verdict {
  const given = [textOf(message, name)];
  const isSigned = keys.secrets.some((secret) =>
    isAmong(given, hmacOf(secret, before, message.body).toString('base64')),
  );
  return isSigned ? 'valid' : 'invalid';
}

/** `Stripe-Signature: t=1492774577,v1=HEX[,v1=HEX]` over `t.body`. */
function stripeVerdict(message: SignedMessage, { secrets }: WebhookKeys, nowMs: number): Verdict {
  const parts = textOf(message, 'stripe-signature')
    .split(',')
    .map((part) => part.trim().split('='));
  const valuesOf = (name: string) => parts.flatMap(([key, value = '']) => (key === name ? [value] : []));
  const [time = ''] = valuesOf('t');
  const given = valuesOf('v1');
  const isSigned = secrets.some((secret) =>
    isAmong(given, hmacOf(secret, `${time}.`, message.body).toString('hex')),
  );
  return isSigned ? timely(time, nowMs) : 'invalid';
}

/** `webhook-signature: v1,BASE64[ v1,BASE64]` over `id.timestamp.body`; the secret is base64 after `whsec_`. */
function standardVerdict(message: SignedMessage, { secrets }: WebhookKeys, nowMs: number): Verdict {
  const id = textOf(message, 'webhook-id');
  const time = textOf(message, 'webhook-timestamp');
  const given = textOf(message, 'webhook-signature')
    .split(' ')
    .flatMap((part) => (part.startsWith('v1,') ? [part.slice(3)] : []));
  const keyOf = (secret: string) => Buffer.from(secret.replace(SECRET_PREFIX, ''), 'base64');
  const isSigned = secrets.some((secret) =>
    isAmong(given, hmacOf(keyOf(secret), `${id}.${time}.`, message.body).toString('base64')),
  );
  return isSigned && id !== '' ? timely(time, nowMs) : 'invalid';
}

function timely(time: string, nowMs: number): Verdict {
  const isWhole = /^\d{1,12}$/.test(time);
  return isWhole && Math.abs(Number(time) - nowMs / 1_000) <= WINDOW_S ? 'valid' : 'stale';
}

function hmacOf(secret: string | Uint8Array, before: string, body: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(before, 'utf8').update(body).digest();
}

/** Compares with each, in a time that tells nothing of how much is right. */
function isAmong(given: readonly string[], right: string): boolean {
  const expected = Buffer.from(right);
  let found = false;
  for (const text of given) {
    const bytes = Buffer.from(text);
    if (bytes.length === expected.length && timingSafeEqual(bytes, expected)) found = true;
  }
  return found;
}

export function textOf({ headers }: Pick<SignedMessage, 'headers'>, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}
