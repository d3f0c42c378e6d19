import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../root.js';
import { agreementOf, movementOf } from './figures.js';
import { readClasses, readInvoices, type Invoice, type MonthlyClasses } from './invoices.js';
import { accuracyOf, classesOfMonth, confusionOf, predictLastMonth } from './persistence.js';
import { classesAt, clipped, rebuildClasses, SEED_RECIPE } from './rebuild.js';

const STARTS = { seed: 1, starts: 5 };
const DAY_MS = 86_400_000;

const tableOf = (...classes: number[][]): MonthlyClasses => ({
  customers: classes.map((_, index) => String(index)),
  cutsMs: (classes[0] ?? []).map((_, month) => month * 30 * DAY_MS),
  classes: classes.map((row) => Uint8Array.from(row)),
});

/** Forty customers of four kinds. */
const INVOICES: readonly Invoice[] = Array.from({ length: 40 }, (_, index) => ({
  customer: String(index),
  atMs: (index % 4) * 10 * DAY_MS,
  lines: 5 + (index % 4) * 10,
  amount: 100 + (index % 4) * 90 + index,
}));

describe('classes in the way of the seed', () => {
  it('know of nothing after the cut', () => {
    expect(classesAt(INVOICES, 15 * DAY_MS, SEED_RECIPE, STARTS).size).toBe(20);
  });

  it('rank who came lately and bought much above who came long ago and bought little', () => {
    const classes = classesAt(INVOICES, 40 * DAY_MS, SEED_RECIPE, STARTS);
    expect(classes.get('39')).toBe(3);
    expect(classes.get('0')).toBe(1);
  });

  it('take the most valuable for long gone, because a clipped value overwrites its row', () => {
    const columns = [[-1], [2], [5]].map((column) => Float64Array.from(column));
    expect([...clipped(columns, 'rows')]).toEqual([3, 3, 3]);
    expect([...clipped(columns, 'columns')]).toEqual([-1, 2, 3]);
    expect([
      ...clipped(
        [[-4], [5], [1]].map((column) => Float64Array.from(column)),
        'rows',
      ),
    ]).toEqual([3, 3, 1]);
  });
});

describe('figures about classes', () => {
  it('count cells that agree, and changes of customers who bought nothing', () => {
    const table = tableOf([1, 1, 2], [3, 3, 3]);
    expect(agreementOf(table, tableOf([1, 2, 2], [3, 3, 3]))).toEqual({
      same: 5,
      cells: 6,
      months: [2, 1, 2],
    });
    expect(() => agreementOf(table, tableOf([1, 1, 2]))).toThrow(RangeError);
    const bought = (day: number) => [{ customer: '0', atMs: day * DAY_MS, lines: 1, amount: 1 }];
    expect(movementOf(table, bought(45))).toMatchObject({
      unchangedShare: 0.75,
      changes: 1,
      changesWithoutInvoice: 0,
    });
    expect(movementOf(table, bought(5))).toMatchObject({ changes: 1, changesWithoutInvoice: 1 });
  });

  it('tell what was right by class', () => {
    const confusion = confusionOf([1, 2, 3, 3], [1, 2, 3, 2]);
    expect(confusion).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 1, 1],
    ]);
    expect(accuracyOf(confusion)).toBe(0.75);
  });
});

describe("the seed's LSTM", () => {
  it('learns a rule that copying does not know, where there is one', async () => {
    // Each customer goes round through 1, 2, 3.
    const going = tableOf(
      ...Array.from({ length: 30 }, (_, one) =>
        Array.from({ length: 12 }, (__, month) => 1 + ((one + month) % 3)),
      ),
    );
    const predicted = await predictLastMonth(going, { seed: 1, epochs: 120 });
    expect([...predicted]).toEqual([...classesOfMonth(going, -1)]);
  });

  it('refuses a table that is too short', async () => {
    await expect(predictLastMonth(tableOf([1, 2, 3]), { seed: 1, epochs: 1 })).rejects.toThrow(RangeError);
  });
});

const DATA = join(ROOT, '../shared/data/transactions/online-retail-ii');
const hasData = existsSync(join(DATA, 'seed-monthly-classes.csv'));
if (!hasData) console.warn(`The seed's published classes are not compared: there is no ${DATA}.`);

describe.runIf(hasData)("the seed's published classes", () => {
  it('are rebuilt from the invoices, and its LSTM copies the last month', async () => {
    const published = await readClasses(join(DATA, 'seed-monthly-classes.csv'));
    const some = {
      ...published,
      cutsMs: published.cutsMs.slice(-2),
      classes: published.classes.map((row) => row.slice(-2)),
    };
    const rebuilt = rebuildClasses(
      await readInvoices(join(DATA, 'invoices.csv.gz')),
      some,
      SEED_RECIPE,
      STARTS,
    );
    const { same, cells } = agreementOf(some, rebuilt);
    expect(same / cells).toBeGreaterThan(0.995);
    const predicted = await predictLastMonth(published, { seed: 1, epochs: 50 });
    expect([...predicted]).toEqual([...classesOfMonth(published, -2)]);
    expect(accuracyOf(confusionOf(classesOfMonth(published, -1), predicted))).toBeCloseTo(0.9665, 4);
  });
});
