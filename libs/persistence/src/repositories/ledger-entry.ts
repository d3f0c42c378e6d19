import {
  AmountMinor,
  CurrencyCode,
  CustomerId,
  Instant,
  RefundId,
  SaleId,
  StoreId,
  TillId,
} from '@regulars/contracts';
import { z } from 'zod';

/** A sale or refund as analytics counts it. */
export const LedgerEntry = z.strictObject({
  entryId: z.union([SaleId, RefundId]),
  kind: z.enum(['sale', 'refund']),
  /** The sale it is, or the one that is given back; null when the till does not name it. */
  saleId: SaleId.nullable(),
  storeId: StoreId,
  tillId: TillId.nullable(),
  occurredAt: Instant,
  /** Day since 1970-01-01 and month (12 * year + month - 1) in the shop's time zone. */
  day: z.int(),
  period: z.int(),
  amountMinor: AmountMinor,
  currency: CurrencyCode,
  /** A refund that takes its whole sale back. */
  isVoid: z.boolean(),
  /** Whom the till named; null when nobody, or when that customer was erased. */
  namedCustomerId: CustomerId.nullable(),
  /** Whose value it counts to: the named customer, or the one of the joined visit. */
  ownerId: CustomerId.nullable(),
  /** False when the whole sale was taken back: as if it had not been. */
  counts: z.boolean(),
  /** Months of customers that must be summed anew because of it, as `customerId period`. */
  due: z.array(z.string()).readonly(),
  /** Whether its owner's value was told. */
  isTold: z.boolean(),
});
export type LedgerEntry = Readonly<z.infer<typeof LedgerEntry>>;
