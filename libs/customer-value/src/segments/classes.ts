import { z } from 'zod';
import { kMeans, nearestCentroid } from './k-means.js';

/** What a customer is in a window of time: 0 bought nothing, else by centroid. */
export const CUSTOMER_CLASSES = ['none', 'low', 'medium', 'high'] as const;
export type CustomerClass = (typeof CUSTOMER_CLASSES)[number];

/** Centroids that were fitted once. They stay until somebody fits a new version, so that a customer's class
 *  changes because of the customer. */
export const ClassCentroids = z.strictObject({
  version: z.string(),
  /** Periods in a window. */
  windowPeriods: z.int().positive(),
  /** Of sqrt(orders) and of sqrt(net spend in minor units): what each is divided by. */
  scales: z.tuple([z.number().positive(), z.number().positive()]),
  /** Low, medium, high by mean spend: [sqrt(orders), sqrt(spend)], scaled. */
  centroids: z.tuple([
    z.tuple([z.number(), z.number()]),
    z.tuple([z.number(), z.number()]),
    z.tuple([z.number(), z.number()]),
  ]),
});
export type ClassCentroids = z.infer<typeof ClassCentroids>;

/** Orders and net spend of windows with a purchase, one entry per customer and window. */
export interface ClassWindows {
  readonly orders: readonly number[];
  readonly spendMinor: readonly number[];
}

/** Frequency and value only: recency inside the window would make the class depend on the week of a purchase.
 *  Roots, because both are counts with long tails: raw values put all but a few wholesalers into one class, and
 *  logarithms cut the many small customers apart at random.
 *  @throws RangeError when there are fewer than three different windows with a purchase */
export function fitClasses(windows: ClassWindows, version: string, windowPeriods: number): ClassCentroids {
  const roots = [windows.orders, windows.spendMinor].map((values) => values.map(Math.sqrt));
  const scales = roots.map(deviationOf) as [number, number];
  const points = new Float64Array(windows.orders.length * 2);
  roots.forEach((values, d) =>
    values.forEach((value, index) => (points[index * 2 + d] = value / (scales[d] ?? 1))),
  );
  const { centroids } = kMeans(points, 2, { clusters: 3, seed: 1, starts: 8 });
  const rows = [0, 1, 2]
    .map((row): [number, number] => [centroids[row * 2] ?? 0, centroids[row * 2 + 1] ?? 0])
    .sort((one, other) => one[1] - other[1]);
  return ClassCentroids.parse({ version, windowPeriods, scales, centroids: rows });
}

/** 0 to 3, the index into CUSTOMER_CLASSES. */
export function classOf(orders: number, spendMinor: number, { scales, centroids }: ClassCentroids): number {
  if (orders === 0) return 0;
  const point = Float64Array.of(
    Math.sqrt(orders) / scales[0],
    Math.sqrt(Math.max(0, spendMinor)) / scales[1],
  );
  return 1 + nearestCentroid(point, 0, Float64Array.from(centroids.flat()), 2);
}

function deviationOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) || 1;
}
