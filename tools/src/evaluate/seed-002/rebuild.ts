import { kMeans } from '@regulars/customer-value';
import type { Invoice, MonthlyClasses } from './invoices.js';

/** How the classes are made: as the seed's are, or with one of its defects mended or added. */
export interface Recipe {
  /** `rows`: a value beyond three deviations overwrites what its row holds so far; `columns`: it is clipped itself. */
  readonly clipping: 'rows' | 'columns';
  readonly frequency: 'lines' | 'invoices';
  /** How often an invoice counts that stands in both of UCI's sheets. */
  readonly overlapTimes: 1 | 2;
}

/** The seed's script lays both sheets one below the other, so their overlap would count twice. Its published classes
 *  are rebuilt best with once (docs/seed-002.md). */
export const SEED_RECIPE: Recipe = { clipping: 'rows', frequency: 'lines', overlapTimes: 1 };

/** Both sheets hold the invoices from 2010-12-01 on, the first one until its end on 2010-12-09. */
const OVERLAP_MS = { from: Date.UTC(2010, 11, 1), until: Date.UTC(2010, 11, 10) };

export const isInOverlap = ({ atMs }: Invoice): boolean => atMs >= OVERLAP_MS.from && atMs < OVERLAP_MS.until;

/** k-means starts from random points: other starts end elsewhere now and then. */
export interface Starts {
  readonly seed: number;
  /** Of which the tightest is kept; the seed's scikit-learn took 10. */
  readonly starts: number;
}

const CLUSTERS = 5;
const MOST_DEVIATIONS = 3;
const DAY_MS = 86_400_000;

/** What one customer's invoices before a cut come to. */
interface Totals {
  last: number;
  frequency: number;
  monetary: number;
}

/** Classes of all customers with an invoice before the cut, from everything since the beginning: recency, frequency
 *  and value in standard deviations, five k-means clusters; the one whose centre has the highest -R + F + M is 3, the
 *  lowest 1, all others 2. */
export function classesAt(
  invoices: readonly Invoice[],
  cutMs: number,
  recipe: Recipe,
  { seed, starts }: Starts,
): ReadonlyMap<string, number> {
  const totals = totalsBefore(invoices, cutMs, recipe);
  const customers = [...totals.keys()];
  const newest = Math.max(...[...totals.values()].map(({ last }) => last));
  const columns = [
    [...totals.values()].map(({ last }) => Math.floor((newest - last) / DAY_MS)),
    [...totals.values()].map(({ frequency }) => frequency),
    [...totals.values()].map(({ monetary }) => monetary),
  ].map(standardised);
  const points = clipped(columns, recipe.clipping);
  const { centroids, assigned } = kMeans(points, 3, { clusters: CLUSTERS, seed, starts, iterations: 300 });
  const scores = Array.from(
    { length: CLUSTERS },
    (_, cluster) =>
      (centroids[cluster * 3 + 1] ?? 0) + (centroids[cluster * 3 + 2] ?? 0) - (centroids[cluster * 3] ?? 0),
  );
  const [least, most] = [Math.min(...scores), Math.max(...scores)];
  return new Map(
    customers.map((customer, index) => {
      const score = scores[assigned[index] ?? 0] ?? 0;
      return [customer, score === most ? 3 : score === least ? 1 : 2];
    }),
  );
}

function totalsBefore(
  invoices: readonly Invoice[],
  cutMs: number,
  { frequency, overlapTimes }: Recipe,
): Map<string, Totals> {
  const totals = new Map<string, Totals>();
  for (const invoice of invoices) {
    if (invoice.atMs >= cutMs) continue;
    const times = isInOverlap(invoice) ? overlapTimes : 1;
    const held = totals.get(invoice.customer) ?? { last: -Infinity, frequency: 0, monetary: 0 };
    held.last = Math.max(held.last, invoice.atMs);
    held.frequency += times * (frequency === 'lines' ? invoice.lines : 1);
    held.monetary += times * invoice.amount;
    totals.set(invoice.customer, held);
  }
  return totals;
}

/** In standard deviations from the mean (the sample's deviation, as pandas has it). */
function standardised(values: readonly number[]): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (values.length - 1));
  return Float64Array.from(values, (value) => (value - mean) / deviation);
}

/** @returns [customer][recency, frequency, monetary] */
export function clipped(columns: readonly Float64Array[], clipping: Recipe['clipping']): Float64Array {
  const count = columns[0]?.length ?? 0;
  const points = new Float64Array(count * columns.length);
  columns.forEach((column, d) => {
    for (let row = 0; row < count; row += 1) {
      const value = column[row] ?? 0;
      const kept = Math.max(-MOST_DEVIATIONS, Math.min(MOST_DEVIATIONS, value));
      const at = row * columns.length;
      points[at + d] = kept;
      // What the seed's table holds at this moment are the columns up to this one.
      if (kept !== value && clipping === 'rows') points.fill(kept, at, at + d + 1);
    }
  });
  return points;
}

/** The classes of some customers in some months.
 *  @returns [customer][month], 0 where a customer had no invoice yet */
export function rebuildClasses(
  invoices: readonly Invoice[],
  { customers, cutsMs }: Pick<MonthlyClasses, 'customers' | 'cutsMs'>,
  recipe: Recipe,
  starts: Starts,
): MonthlyClasses {
  const months = cutsMs.map((cutMs) => classesAt(invoices, cutMs, recipe, starts));
  const classes = customers.map((customer) => Uint8Array.from(months, (month) => month.get(customer) ?? 0));
  return { customers, cutsMs, classes };
}
