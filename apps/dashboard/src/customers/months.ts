import type { CustomerValueView } from '@regulars/contracts';

export type Month = Omit<CustomerValueView['months'][number], 'currency'>;

/** The last months of one currency, oldest first, with those in which nothing was bought between them.
 *  @param most months returned, counted back from the newest with a purchase or refund */
export function lastMonths(
  months: CustomerValueView['months'],
  currency: string,
  most: number,
): readonly Month[] {
  const known = new Map(
    months.filter((month) => month.currency === currency).map((each) => [each.month, each]),
  );
  const names = [...known.keys()].sort();
  const newest = names.at(-1);
  const oldest = names[0];
  if (newest === undefined || oldest === undefined) return [];
  const line: Month[] = [];
  for (let at = newest; at >= oldest && line.length < most; at = monthBefore(at)) {
    const { purchases = 0, spendMinor = 0, refundsMinor = 0 } = known.get(at) ?? {};
    line.unshift({ month: at, purchases, spendMinor, refundsMinor });
  }
  return line;
}

function monthBefore(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 2)).toISOString().slice(0, 7);
}
