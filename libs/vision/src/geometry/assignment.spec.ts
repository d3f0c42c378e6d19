import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign } from './assignment.js';

/** Every way to give each row a column of its own or none. */
function* pairings(rows: number, columns: number, row = 0, used = new Set<number>()): Generator<number[]> {
  if (row === rows) {
    yield [];
    return;
  }
  for (const rest of pairings(rows, columns, row + 1, used)) yield [-1, ...rest];
  for (let column = 0; column < columns; column++) {
    if (used.has(column)) continue;
    for (const rest of pairings(rows, columns, row + 1, new Set([...used, column]))) yield [column, ...rest];
  }
}

const matrices = fc
  .record({ rows: fc.integer({ min: 1, max: 4 }), columns: fc.integer({ min: 1, max: 4 }) })
  .chain(({ rows, columns }) => {
    const cost = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 20 }) }, fc.constant(Infinity));
    const row = fc.array(cost, { minLength: columns, maxLength: columns });
    return fc.array(row, { minLength: rows, maxLength: rows });
  });

function worth(costs: readonly (readonly number[])[], pairing: readonly number[]) {
  const pairs = pairing.flatMap((column, row) => (column < 0 ? [] : [costs[row]?.[column] ?? Infinity]));
  return { pairs: pairs.length, cost: pairs.reduce((sum, cost) => sum + cost, 0) };
}

describe('assign', () => {
  it('makes as many allowed pairs as can be, at the least cost, as trying all ways does', () => {
    fc.assert(
      fc.property(matrices, (costs) => {
        const all = [...pairings(costs.length, costs[0]?.length ?? 0)]
          .map((pairing) => worth(costs, pairing))
          .filter(({ cost }) => cost < Infinity)
          .sort((a, b) => b.pairs - a.pairs || a.cost - b.cost);
        expect(worth(costs, assign(costs))).toEqual(all[0]);
      }),
      { numRuns: 300 },
    );
  });

  it('gives no column twice', () => {
    fc.assert(
      fc.property(matrices, (costs) => {
        const given = assign(costs).filter((column) => column >= 0);
        expect(new Set(given).size).toBe(given.length);
      }),
    );
  });

  it('has nothing to give where there is nothing', () => {
    expect(assign([])).toEqual([]);
    expect(assign([[], []])).toEqual([-1, -1]);
  });
});
