import type { Invoice, MonthlyClasses } from './invoices.js';
import { classesOfMonth } from './persistence.js';
import { classesAt, isInOverlap, rebuildClasses, SEED_RECIPE, type Recipe, type Starts } from './rebuild.js';

/** Cells of two tables of classes that are equal. */
export interface Agreement {
  readonly same: number;
  readonly cells: number;
  /** By month. */
  readonly months: readonly number[];
}

/** @throws RangeError when the tables have other customers or months */
export function agreementOf(one: MonthlyClasses, other: MonthlyClasses): Agreement {
  if (one.customers.join() !== other.customers.join() || one.cutsMs.join() !== other.cutsMs.join())
    throw new RangeError('the tables have not the same customers and months');
  const months = one.cutsMs.map(
    (_, month) => one.classes.filter((row, index) => row[month] === other.classes[index]?.[month]).length,
  );
  return {
    same: months.reduce((sum, count) => sum + count, 0),
    cells: months.length * one.customers.length,
    months,
  };
}

/** How far classes move from one month to the next. */
export interface Movement {
  /** Share of steps to the next month after which the class is the same. */
  readonly unchangedShare: number;
  /** The same over the last twelve months. */
  readonly unchangedShareOfLastYear: number;
  readonly changes: number;
  /** Changes in a month in which the customer had no invoice. */
  readonly changesWithoutInvoice: number;
}

export function movementOf(
  { customers, cutsMs, classes }: MonthlyClasses,
  invoices: readonly Invoice[],
): Movement {
  const active = new Set(
    invoices.map(({ customer, atMs }) => `${customer} ${cutsMs.findIndex((cutMs) => atMs < cutMs)}`),
  );
  let [changes, changesOfLastYear, changesWithoutInvoice] = [0, 0, 0];
  classes.forEach((row, index) =>
    row.forEach((value, month) => {
      if (month === 0 || value === row[month - 1]) return;
      changes += 1;
      if (month >= cutsMs.length - 12) changesOfLastYear += 1;
      if (!active.has(`${customers[index]} ${month}`)) changesWithoutInvoice += 1;
    }),
  );
  const steps = customers.length * (cutsMs.length - 1);
  return {
    unchangedShare: 1 - changes / steps,
    unchangedShareOfLastYear: 1 - changesOfLastYear / (12 * customers.length),
    changes,
    changesWithoutInvoice,
  };
}

/** What the seed's ways of counting come to. */
export interface Defects {
  /** Share of the last month's labels that differ once each column is clipped on its own. */
  readonly labelsChangedByClipping: number;
  /** The same when invoices are counted instead of their lines. */
  readonly labelsChangedByCountingInvoices: number;
  readonly linesPerInvoice: number;
  /** Invoices in both sheets. */
  readonly overlapInvoices: number;
  /** Agreement with the published classes when those count twice, as in the seed's script. */
  readonly agreementWithOverlapTwice: number;
}

export function defectsOf(published: MonthlyClasses, invoices: readonly Invoice[], starts: Starts): Defects {
  const lastCutMs = published.cutsMs.at(-1) ?? 0;
  const mend = (change: Partial<Recipe>): number => {
    const mended = classesAt(invoices, lastCutMs, { ...SEED_RECIPE, ...change }, starts);
    const last = classesOfMonth(published, -1);
    return published.customers.filter((id, index) => mended.get(id) !== last[index]).length / last.length;
  };
  const twice = rebuildClasses(invoices, published, { ...SEED_RECIPE, overlapTimes: 2 }, starts);
  const { same, cells } = agreementOf(published, twice);
  return {
    labelsChangedByClipping: mend({ clipping: 'columns' }),
    labelsChangedByCountingInvoices: mend({ frequency: 'invoices' }),
    linesPerInvoice: invoices.reduce((sum, { lines }) => sum + lines, 0) / invoices.length,
    overlapInvoices: invoices.filter(isInOverlap).length,
    agreementWithOverlapTwice: same / cells,
  };
}
