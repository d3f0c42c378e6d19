import { EnrolmentResult, type EnrolPhotographsReply } from '@regulars/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchesOf, joinOutcomes } from './batches.js';

const CUSTOMER = 'cus_4f2k9s7d1m3q8w6e0h5t';
const QUALITY = { faceWidthPx: 96, sharpness: 210, yawDegrees: 0, pitchDegrees: 0, brightness: 118 };

function reply(templates: number, count: number): EnrolPhotographsReply {
  const photographs = Array.from({ length: count }, (_, index) => ({
    kind: 'accepted' as const,
    index,
    templateId: 'tpl_4f2k9s7d1m3q8w6e0h5t',
    quality: QUALITY,
  }));
  return { customerId: CUSTOMER, templates, photographs };
}

describe('batches of photographs', () => {
  it('keep every photograph once, in order, within the size', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 10 }), (sizes) => {
        const photographs = sizes.map((size) => new Uint8Array(size));
        const batches = batchesOf(photographs, 30);
        expect(batches.flatMap((batch) => batch.photographs)).toEqual(photographs);
        for (const {
          start,
          photographs: [first, ...more],
        } of batches) {
          expect(photographs[start]).toBe(first);
          const bytes = [first, ...more].reduce((sum, photograph) => sum + (photograph?.byteLength ?? 0), 0);
          expect(bytes).toBeLessThanOrEqual(30);
        }
      }),
    );
  });

  it('are one for photographs of usual size', () => {
    expect(batchesOf(Array.from({ length: 10 }, () => new Uint8Array(1_500_000)))).toHaveLength(1);
  });

  it('are joined to one result with the places of the request', () => {
    const [first, second] = batchesOf([new Uint8Array(20), new Uint8Array(20), new Uint8Array(5)], 25);
    if (first === undefined || second === undefined) throw new Error('expected two batches');
    const result = joinOutcomes(CUSTOMER, [
      { batch: first, reply: reply(1, 1) },
      { batch: second, reply: reply(3, 2) },
    ]);
    expect(EnrolmentResult.parse(result).templates).toBe(3);
    expect(result?.photographs.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  it('say which photographs recognition did not answer for, unless it answered for none', () => {
    const [first, second] = batchesOf([new Uint8Array(20), new Uint8Array(20)], 25);
    if (first === undefined || second === undefined) throw new Error('expected two batches');
    const half = joinOutcomes(CUSTOMER, [
      { batch: first, reply: reply(1, 1) },
      { batch: second, reply: null },
    ]);
    expect(half?.photographs.map((photograph) => photograph.kind)).toEqual(['accepted', 'refused']);
    expect(half?.photographs[1]).toMatchObject({ index: 1, code: 'RECOGNITION_UNAVAILABLE' });
    expect(joinOutcomes(CUSTOMER, [{ batch: first, reply: null }])).toBeNull();
  });
});
