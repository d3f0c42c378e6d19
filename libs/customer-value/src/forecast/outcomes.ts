import { classOf, type ClassCentroids } from '../segments/classes.js';
import { sumOver, type PurchaseSeries } from './series.js';

/** What a customer did in the periods from..to-1. */
export interface Outcome {
  readonly hasBought: boolean;
  readonly spendMinor: number;
  /** Index into CUSTOMER_CLASSES. */
  readonly classIndex: number;
}

export function outcomeOf(
  series: PurchaseSeries,
  row: number,
  { from, to }: { from: number; to: number },
  centroids: ClassCentroids,
): Outcome {
  const orders = sumOver(series.orders, series, row, from, to);
  const spendMinor = sumOver(series.netMinor, series, row, from, to);
  return { hasBought: orders > 0, spendMinor, classIndex: classOf(orders, spendMinor, centroids) };
}

/** Orders and spend of every full window with a purchase in the series, to fit classes on. */
export function classWindows(series: PurchaseSeries, windowPeriods: number) {
  const windows = { orders: [] as number[], spendMinor: [] as number[] };
  for (let to = windowPeriods; to <= series.count; to += 1) {
    for (let row = 0; row < series.customerIds.length; row += 1) {
      const orders = sumOver(series.orders, series, row, to - windowPeriods, to);
      if (orders === 0) continue;
      windows.orders.push(orders);
      windows.spendMinor.push(sumOver(series.netMinor, series, row, to - windowPeriods, to));
    }
  }
  return windows;
}
