import type {
  BucketsRepository,
  CustomersRepository,
  LedgerRepository,
  SaleLinksRepository,
  ValuesRepository,
} from '@regulars/persistence';
import type { Periods } from '@regulars/customer-value';
import { toInstant } from '../instants.js';
import type { Today } from './values.js';

/** The repositories that sales and what follows from them are kept in. */
export interface Shelves {
  readonly ledger: LedgerRepository;
  readonly buckets: BucketsRepository;
  readonly values: ValuesRepository;
  readonly links: SaleLinksRepository;
  readonly customers: CustomersRepository;
}

/** The day it is in the shop.
 *  @param nowMs milliseconds since 1970 */
export function todayAt(nowMs: number, months: Periods): Today {
  const day = months.dayOf(nowMs);
  return { day, period: months.indexOf(day), at: toInstant(nowMs) };
}
