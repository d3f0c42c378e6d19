import { redactText } from '@regulars/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSensitiveKey, redact } from './redaction.js';

const word = fc.stringMatching(/^[a-z0-9]{8,14}$/).map((text) => `hush${text}`);
/** Anything but blanks and the characters that end an address in a URL's grammar. */
const password = fc
  .tuple(word, fc.constantFrom('', '@', ':', '"', "'", '?', '#', '%40', '!x', '/'))
  .map(([text, odd]) => `${text}${odd}${text}`);

/** Puts a value somewhere deep inside an object, list, map, error or cause. */
function nest(value: unknown, shape: readonly number[]): unknown {
  return shape.reduce<unknown>((inner, kind) => {
    switch (kind) {
      case 0:
        return { a: 1, inner };
      case 1:
        return [1, inner];
      case 2:
        return new Map([['key', inner]]);
      case 3:
        return new Error('failed', { cause: inner });
      default:
        return Object.assign(new Error(typeof inner === 'string' ? inner : 'failed'), { fields: { inner } });
    }
  }, value);
}
const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 10 });

describe('redact', () => {
  it('lets no credential of an address out, whatever its scheme, password and nesting', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('rtsp', 'rtsps', 'amqp', 'amqps', 'mongodb', 'mongodb+srv', 'http', 'https'),
        password,
        shapes,
        fc.constantFrom('', 'cannot open ', '[tcp @ 0x55] '),
        (scheme, secret, shape, before) => {
          const text = `${before}${scheme}://owner:${secret}@10.0.0.9:554/live`;
          expect(JSON.stringify(redact(nest(text, shape)))).not.toContain('hush');
        },
      ),
    );
  });

  it('lets no value of a sensitive key out, whatever its type and nesting', () => {
    const keys = ['token', 'password', 'secret', 'authorization', 'embedding', 'displayName', 'passwd'];
    const spellings = [...keys, 'accessToken', 'ACCESS_TOKEN', 'x-api-key', 'masterKey', 'Cookie'];
    fc.assert(
      fc.property(fc.constantFrom(...spellings), word, shapes, fc.boolean(), (key, secret, shape, isList) => {
        const value = nest({ [key]: isList ? [secret] : secret }, shape);
        expect(JSON.stringify(redact(value))).not.toContain('hush');
      }),
    );
  });

  it('lets no credential in a query, a path or a header out', () => {
    for (const text of [
      'rtsp://10.0.0.9/live?user=hush&password=hush-hush',
      'rtsp://10.0.0.9:554/user=hush&password=hush&channel=1.sdp',
      'rtsp://10.0.0.9/?PWD=hush#x',
      'Authorization: Bearer hushhush.hush',
      'authorization: Basic aHVzaA==hush',
    ]) {
      expect(redactText(text)).not.toContain('hush');
    }
  });

  it('keeps what is needed to find the fault', () => {
    expect(redactText('rtsp://owner:pass@10.0.0.9:554/live: 401 Unauthorized')).toBe(
      'rtsp://[redacted]@10.0.0.9:554/live: 401 Unauthorized',
    );
    expect(redactText('amqp://127.0.0.1:5672 refused')).toBe('amqp://127.0.0.1:5672 refused');
    const fields = { cameraId: 'door', templateId: 'tpl_1', tokens: null, droppedFrames: 3, key: 'a.b' };
    expect(redact(fields)).toEqual(fields);
  });

  it('writes an embedding, a picture or any bytes as their size', () => {
    const vector = Array.from({ length: 128 }, (_, index) => index / 128);
    expect(redact({ a: vector, b: Float32Array.from(vector), c: Buffer.from('jpeg') })).toEqual({
      a: '[128 numbers]',
      b: '[512 bytes]',
      c: '[4 bytes]',
    });
  });

  it('survives cycles, depth, length and odd values', () => {
    const loop: Record<string, unknown> = { n: 1n, f: () => 1, at: new Date(Number.NaN) };
    loop['self'] = loop;
    expect(redact(loop)).toEqual({ n: '1', f: '[function]', at: '[invalid date]', self: '[...]' });
    const long = redact(Array.from({ length: 1_000 }, () => 'x')) as unknown[];
    expect(long).toHaveLength(51);
    expect(String(redact('y'.repeat(1_000_000))).length).toBeLessThan(5_000);
    fc.assert(fc.property(fc.anything(), (value) => void JSON.stringify(redact(value))));
  });
});

describe('isSensitiveKey', () => {
  it('tells ids and counts from the thing itself', () => {
    expect(['templateId', 'tokenCount', 'embeddings_total', 'cameraId'].filter(isSensitiveKey)).toEqual([]);
    expect(['template', 'token', 'embeddings', 'probe', 'display_name'].filter(isSensitiveKey)).toHaveLength(
      5,
    );
  });
});
