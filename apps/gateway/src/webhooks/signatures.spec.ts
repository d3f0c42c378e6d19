import { createHmac } from 'node:crypto';
import type { WebhookProvider } from '@regulars/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SignedMessage, verdictOn, type WebhookKeys, WINDOW_S } from './signatures.js';

const NOW_MS = Date.UTC(2026, 2, 1, 9, 0);
const NOW_S = NOW_MS / 1_000;
const URL = 'https://shop.example/v1/webhooks/square';
const SECRETS = ['first-secret-of-two', 'second-secret-of-two'] as const;
const STANDARD_SECRETS = SECRETS.map((secret) => `whsec_${Buffer.from(secret).toString('base64')}`);

const keysOf = (provider: WebhookProvider): WebhookKeys => ({
  secrets: provider === 'standard' ? STANDARD_SECRETS : SECRETS,
  notificationUrl: URL,
});
const hmac = (secret: string, text: string, form: 'hex' | 'base64') =>
  createHmac('sha256', secret).update(text).digest(form);

/** Signs as each provider's documentation says. */
function signed(provider: WebhookProvider, body: string, secret: string, atS = NOW_S): SignedMessage {
  const headers = {
    square: { 'x-square-hmacsha256-signature': hmac(secret, URL + body, 'base64') },
    shopify: { 'x-shopify-hmac-sha256': hmac(secret, body, 'base64') },
    stripe: { 'stripe-signature': `t=${atS},v1=${hmac(secret, `${atS}.${body}`, 'hex')},v0=0` },
    standard: {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(atS),
      'webhook-signature': `v1,bm90IHRoaXM= v1,${hmac(secret, `msg_1.${atS}.${body}`, 'base64')}`,
    },
  }[provider];
  return { headers, body: Buffer.from(body) };
}

const PROVIDERS = ['square', 'shopify', 'stripe', 'standard'] as const;
const BODY = '{"type":"sale","note":"é"}';

describe.each(PROVIDERS)('a signature of %s', (provider) => {
  const verdict = (message: SignedMessage, nowMs = NOW_MS) =>
    verdictOn(provider, message, keysOf(provider), nowMs);

  it.each(SECRETS)('is valid with either secret: %s', (secret) => {
    expect(verdict(signed(provider, BODY, secret))).toBe('valid');
  });

  it('is not valid with another secret, over another body, or when it is missing', () => {
    expect(verdict(signed(provider, BODY, 'some-other-secret'))).toBe('invalid');
    const message = signed(provider, BODY, SECRETS[0]);
    expect(verdict({ ...message, body: Buffer.from(`${BODY} `) })).toBe('invalid');
    expect(verdict({ ...message, headers: {} })).toBe('invalid');
    expect(verdict({ headers: {}, body: Buffer.alloc(0) })).toBe('invalid');
  });

  it('is not valid once any byte of body or headers is another', () => {
    const message = signed(provider, BODY, SECRETS[1]);
    const names = Object.keys(message.headers).filter((name) => !name.startsWith('webhook-timestamp'));
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.constantFrom('body', ...names),
        (place, flip, part) => {
          const bytes = Buffer.from(part === 'body' ? message.body : String(message.headers[part]));
          const at = place % bytes.length;
          bytes[at] = (bytes[at] ?? 0) ^ flip;
          const headers = { ...message.headers, [part]: bytes.toString('latin1') };
          const forged =
            part === 'body' ? { headers: message.headers, body: bytes } : { headers, body: message.body };
          // A change within a part that is not looked at (another scheme, a decoy) leaves it as it was.
          const original = String(message.headers[part]);
          const isDecoy =
            part !== 'body' &&
            ['v0=0', ',v0=0', 'v1,bm90IHRoaXM= '].some((decoy) => {
              const start = original.indexOf(decoy);
              return start >= 0 && at >= start && at < start + decoy.length;
            });
          return isDecoy || verdict(forged) !== 'valid';
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe.each(['stripe', 'standard'] as const)('the signed time of %s', (provider) => {
  it('is within the window on either side, or the message is stale', () => {
    const at = (atS: number) =>
      verdictOn(provider, signed(provider, BODY, SECRETS[0], atS), keysOf(provider), NOW_MS);
    expect([at(NOW_S - WINDOW_S), at(NOW_S + WINDOW_S)]).toEqual(['valid', 'valid']);
    expect([at(NOW_S - WINDOW_S - 1), at(NOW_S + WINDOW_S + 1)]).toEqual(['stale', 'stale']);
  });
});

it("Standard Webhooks' own example is valid at its time", () => {
  const message = {
    headers: {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
    body: Buffer.from('{"test": 2432232314}'),
  };
  const keys = { secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], notificationUrl: '' };
  expect(verdictOn('standard', message, keys, 1_614_265_330_000)).toBe('valid');
});
