import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkRule, linkRuleAt } from './link-rule.js';
import { type Link, type StrangerPass, StrangerPool } from './stranger-pool.js';

/** Faces of a plane: the cosine distance of 10 degrees is .015, of 30 degrees .134. */
function face(degrees: number): Float32Array {
  const radians = (degrees * Math.PI) / 180;
  return Float32Array.of(Math.cos(radians), Math.sin(radians));
}

const RULE = linkRuleAt(0.016);

function pass(sightingId: string, degrees: number, change: Partial<StrangerPass> = {}): StrangerPass {
  const startedAtMs = change.startedAtMs ?? Number(sightingId.replace(/\D/g, '')) * 60_000;
  return {
    sightingId,
    cameraId: 'door',
    startedAtMs,
    endedAtMs: startedAtMs + 5_000,
    embedding: face(degrees),
    isClear: true,
    apart: new Set(),
    ...change,
  };
}

/** Lets passes come one after the other. @returns for each where it went */
function come(pool: StrangerPool, ...passes: readonly StrangerPass[]): Link[] {
  return passes.map((one) => {
    const link = pool.link(one, RULE);
    if (link.kind === 'unclear') return link;
    const isAgain = link.kind === 'again';
    const distance = isAgain ? link.distance : null;
    const pseudonymId = isAgain ? link.pseudonymId : `pse_${one.sightingId}`;
    pool.join(pseudonymId, {
      ...one,
      distance,
      isTrusted: !isAgain || link.isTrusted,
      look: isAgain ? link.look : pseudonymId,
    });
    return link;
  });
}

describe('strangers', () => {
  it('are known again when they look alike, and new when not', () => {
    const links = come(new StrangerPool(), pass('s1', 0), pass('s2', 5), pass('s3', 60));
    expect(links.map(({ kind }) => kind)).toEqual(['new', 'again', 'new']);
    expect(links[1]).toMatchObject({ pseudonymId: 'pse_s1', isTrusted: true });
  });

  it('are never one when they were seen in one frame, however alike', () => {
    const pool = new StrangerPool();
    const links = come(pool, pass('s1', 0), pass('s2', 0, { apart: new Set(['s1']) }));
    expect(links.map(({ kind }) => kind)).toEqual(['new', 'new']);
  });

  it('are never one when they were before one camera at one time; before two they may be', () => {
    const pool = new StrangerPool();
    const at = { startedAtMs: 60_000 };
    const links = come(
      pool,
      pass('s1', 0, at),
      pass('s2', 0, at),
      pass('s3', 0, { ...at, cameraId: 'till' }),
    );
    expect(links.map(({ kind }) => kind)).toEqual(['new', 'new', 'again']);
    expect(pool.canBeOne('pse_s1', 'pse_s2')).toBe(false);
    expect(pool.alike('pse_s1', 5)).toEqual([{ pseudonymId: 'pse_s2', distance: 0, canBeOne: false }]);
  });

  it('of whom little was seen found nobody, but may be known again without being learned from', () => {
    const pool = new StrangerPool();
    const little = { isClear: false };
    const links = come(pool, pass('s1', 0, little), pass('s2', 0), pass('s3', 4, little));
    expect(links.map(({ kind }) => kind)).toEqual(['unclear', 'new', 'again']);
    expect(links[2]).toMatchObject({ isTrusted: false });
  });

  it('do not drift from one person to the next, step by step', () => {
    const pool = new StrangerPool();
    // Each is within reach of the one before; the last is another person altogether.
    const steps = Array.from({ length: 20 }, (_, i) => pass(`s${i}`, i * 5));
    come(pool, ...steps);
    for (const { sightingId } of steps) {
      const own = pool.passesOf(`pse_${sightingId}`);
      for (const a of own)
        for (const b of own) {
          const apart = Math.abs(Number(a.sightingId.slice(1)) - Number(b.sightingId.slice(1))) * 5;
          expect(apart).toBeLessThan(30);
        }
    }
  });

  it('are gone when their passes are', () => {
    const pool = new StrangerPool();
    come(pool, pass('s1', 0));
    pool.leave('pse_s1', 's1');
    expect(pool.size).toBe(0);
    expect(pool.link(pass('s2', 0), RULE)).toEqual({ kind: 'new' });
  });

  it('are told apart the more strictly the more are known', () => {
    const distances: number[] = [];
    for (const known of [0, 100, 1_000, 10_000]) {
      distances.push(linkRule(known, (rate) => 0.1 + Math.log10(rate) / 100).same);
    }
    expect(distances[1]).toBe(distances[0]);
    expect(distances[2]).toBeLessThan(distances[1] ?? 0);
    expect(distances[3]).toBeLessThan(distances[2] ?? 0);
  });

  it('seen together never share a pseudonym, whatever comes', () => {
    const any = fc.record({
      degrees: fc.integer({ min: 0, max: 20 }),
      from: fc.integer({ min: 0, max: 30 }),
      lasts: fc.integer({ min: 0, max: 10 }),
      cameraId: fc.constantFrom('door', 'till'),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 25 }), (all) => {
        const pool = new StrangerPool();
        const passes = all.map(({ degrees, from, lasts, cameraId }, i) =>
          pass(`s${i}`, degrees, { startedAtMs: from, endedAtMs: from + lasts, cameraId }),
        );
        come(pool, ...passes);
        for (const { sightingId } of passes) {
          const own = pool.passesOf(`pse_${sightingId}`);
          for (const a of own)
            for (const b of own) {
              if (a === b || a.cameraId !== b.cameraId) continue;
              expect(a.startedAtMs > b.endedAtMs || b.startedAtMs > a.endedAtMs).toBe(true);
            }
        }
      }),
    );
  });
});
