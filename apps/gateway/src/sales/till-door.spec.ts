import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startRig, type Rig } from '../testing/rig.js';
import { breakOff, bytesOf, exchange, type Wire } from '../testing/wire.js';
import { TillDoor } from './till-door.js';

/** Taken by the door; with the slash Express and Nest serve the same address. */
const SHORT = '/v1/sales';
const LONG = '/v1/sales/';
const MB = 1024 * 1024;

type Headers = Readonly<Record<string, string>>;
type Sent = Omit<Wire, 'path' | 'headers'> & { readonly headers?: Headers; readonly query?: string };

const sale = (part: object = {}) => ({
  saleId: 'S-1',
  tillId: 'till-1',
  occurredAt: '2026-03-01T09:12:40Z',
  amountMinor: 1990,
  currency: 'EUR',
  ...part,
});
const json = (value: unknown, headers: Headers = {}): Sent => ({ body: JSON.stringify(value), headers });
const keyed = (key: string, part: object = {}) => json(sale(part), { 'idempotency-key': key });
const text = (body: string | Uint8Array, headers: Headers = {}): Sent => ({ body, headers });

const TAKEN: readonly [string, Sent][] = [
  ['a sale', json(sale())],
  ['a sale that was there', json(sale())],
  ['a sale that differs', json(sale({ amountMinor: 5 }))],
  ['a sale on a connection that ends', json(sale({ saleId: 'S-2' }), { connection: 'close' })],
  ['a sale of a customer by number', json(sale({ saleId: 'S-3', customerExternalId: 'card-ö' }))],
  ['a sale of nobody known', json(sale({ saleId: 'S-4', customerId: 'cus_4f2k9s7d1m3q8w6e0h5t' }))],
  ['a sale of the day after tomorrow', json(sale({ saleId: 'S-5', occurredAt: '2999-01-01T00:00:00Z' }))],
  ['a batch', json({ sales: [sale({ saleId: 'S-6' }), sale()] })],
  ['an empty batch', json({ sales: [] })],
  ['a sale with a key', keyed('k1', { saleId: 'S-7' })],
  ['the same with the same key', keyed('k1', { saleId: 'S-7' })],
  ['another with the same key', keyed('k1', { saleId: 'S-8' })],
  ['a key that is too long', keyed('k'.repeat(256))],
  ['a batch with a key', json({ sales: [sale({ saleId: 'S-9' })] }, { 'idempotency-key': 'k2' })],
  [
    'the same batch with the same key',
    json({ sales: [sale({ saleId: 'S-9' })] }, { 'idempotency-key': 'k2' }),
  ],
  ['a byte order mark', text(`\uFEFF${JSON.stringify(sale())}`)],
  ['blanks before', text(` \r\n\t${JSON.stringify(sale())}`)],
  ['a charset', json(sale(), { 'content-type': 'application/json; charset=utf-8' })],
  ['bytes that are no UTF-8', text(Buffer.from('{"saleId":"\xff"}', 'latin1'))],
  ['malformed JSON', text('{"saleId":')],
  ['malformed JSON without a token', text('{"saleId":', { authorization: '' })],
  ['a text', text('"sale"')],
  ['a list', text('[]')],
  ['blanks alone', text('  ')],
  ['wrong fields', json(sale({ amountMinor: '1', currency: 'EUX', total: 3, lines: [{}] }))],
  ['a prototype', text('{"__proto__":{"saleId":"S-1"}}')],
  ['no token', json(sale(), { authorization: '' })],
  ['an unknown token', json(sale(), { authorization: 'Bearer rgl_guess' })],
  ['a token of another kind', json(sale(), { authorization: 'Basic rgl_guess' })],
  ['a request id of the caller’s', json(sale(), { 'x-request-id': 'till-1.77' })],
  ['a body of the longest length', text(`${JSON.stringify(sale())}${' '.repeat(MB)}`.slice(0, MB))],
];

const LEFT: readonly [string, Sent][] = [
  ['no body', {}],
  ['an empty body', text('')],
  ['another type', json(sale(), { 'content-type': 'text/plain' })],
  ['another charset', json(sale(), { 'content-type': 'application/json; charset=latin1' })],
  ['a packed body', text(gzipSync(JSON.stringify(sale())), { 'content-encoding': 'gzip' })],
  ['a body in pieces', text('2\r\n{}\r\n0\r\n\r\n', { 'transfer-encoding': 'chunked' })],
  ['a body that is too long', text(`{"a":"${'x'.repeat(MB)}"}`)],
  ['another method', { ...json(sale()), method: 'PUT' }],
  ['a query', { ...json(sale()), query: '?a=b' }],
];

/** Without what differs from one moment to the next. */
function steady(answer: string): string {
  return answer
    .replace(/\r\nDate: [^\r]+/, '\r\nDate: now')
    .replace(/\r\nX-RateLimit-Reset: \d+/, '\r\nX-RateLimit-Reset: soon')
    .replace(/req_[0-9a-z]{20}/g, 'req_any')
    .replace(/"customerId":"cus_[0-9a-z]{20}"/, '"customerId":"cus_any"')
    .replace(/("receivedAt":")[^"]+/, '$1now');
}

describe('the door for tills', () => {
  const taken = vi.spyOn(TillDoor.prototype, 'take');
  let rigs: { short: Rig; long: Rig };

  const start = async (variables: Readonly<Record<string, string>> = {}) => {
    rigs = { short: await startRig(variables), long: await startRig(variables) };
  };
  const stop = () => Promise.all([rigs.short.close(), rigs.long.close()]);
  const wireOf = (path: string, { token }: Rig, { headers, query = '', ...sent }: Sent) =>
    bytesOf({
      path: path + query,
      ...sent,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    });
  /** The answers of both ways, and which of them the door took. */
  const both = async (sent: Sent) => {
    taken.mockClear();
    const ask = async (rig: Rig, path: string) =>
      steady(await exchange(rig.gateway.address, wireOf(path, rig, sent)));
    const answers = { short: await ask(rigs.short, SHORT), long: await ask(rigs.long, LONG) };
    return { ...answers, taken: taken.mock.results.map(({ value }) => value as boolean) };
  };
  const observed = async ({ metrics }: Rig) => {
    const lines = (await metrics.text()).split('\n');
    return lines.filter((line) => /^regulars_(http_request_seconds_count|sales_total)/.test(line)).sort();
  };
  const logged = ({ logLines }: Rig) =>
    logLines
      .map((line) => JSON.parse(line) as { msg: string; code?: string; reason?: string })
      .filter(({ msg }) => msg === 'request failed')
      .map(({ code, reason }) => ({ code, reason }));

  describe('that stands open', () => {
    beforeAll(() => start());
    afterAll(stop);

    it.each(TAKEN)('answers %s byte for byte as Nest does', async (_, sent) => {
      const answers = await both(sent);
      expect(answers.taken).toEqual([true, false]);
      expect(answers.short).toBe(answers.long);
    });

    it.each(LEFT)('leaves %s to Nest', async (_, sent) => {
      const answers = await both(sent);
      expect(answers.taken).toEqual([false, false]);
      expect(answers.short).toBe(answers.long);
    });

    it('notes a caller that goes away before its body is here as Nest does, and goes on', async () => {
      const answered = 'regulars_http_request_seconds_count{method="POST",route="none",status="400"';
      for (const [rig, path] of [
        [rigs.short, SHORT],
        [rigs.long, LONG],
      ] as const) {
        const before = (await observed(rig)).find((line) => line.startsWith(answered));
        const whole = wireOf(path, rig, json(sale({ saleId: 'S-cut' })));
        await breakOff(rig.gateway.address, whole.subarray(0, whole.length - 5));
        await vi.waitFor(async () => {
          expect((await observed(rig)).find((line) => line.startsWith(answered))).not.toBe(before);
        });
      }
      const { short, long } = await both(json(sale({ saleId: 'S-after' })));
      expect(short).toBe(long);
    });

    it('counts and logs what Nest does', async () => {
      const { short, long } = rigs;
      await vi.waitFor(async () => expect(await observed(short)).toEqual(await observed(long)));
      expect((await observed(short)).length).toBeGreaterThan(5);
      expect(logged(short)).toEqual(logged(long));
    });

    it('answers 503 while the store is away', async () => {
      await Promise.all([rigs.short.store.close(), rigs.long.store.close()]);
      const { short, long } = await both(keyed('k9', { saleId: 'S-away' }));
      expect(short).toBe(long);
      expect(short).toContain('HTTP/1.1 503');
      expect(logged(rigs.short)).toHaveLength(1);
      expect(logged(rigs.short)).toEqual(logged(rigs.long));
      await Promise.all([rigs.short.store.open(), rigs.long.store.open()]);
    });
  });

  describe('behind a proxy', () => {
    beforeAll(() => start({ GATEWAY_REQUESTS_PER_MINUTE: '10', GATEWAY_TRUST_PROXY: 'true' }));
    afterAll(stop);

    it('stops an address that sends too much, and no other', async () => {
      const from = (address: string) => both(json(sale(), { 'x-forwarded-for': `10.9.9.9, ${address}` }));
      for (let i = 0; i < 12; i++) {
        const { short, long } = await from('10.0.0.1');
        expect(short).toBe(long);
        expect(short).toContain(i < 10 ? 'HTTP/1.1 20' : 'HTTP/1.1 429');
      }
      for (const address of ['10.0.0.2', '2001:db8::1', '2001:db8::2']) {
        const { short, long } = await from(address);
        expect(short).toBe(long);
        expect(short).toContain('HTTP/1.1 200');
      }
    });
  });
});
