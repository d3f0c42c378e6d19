import {
  AmountMinor,
  CurrencyCode,
  CustomerId,
  ImportId,
  Instant,
  RefundId,
  SaleId,
  SaleLine,
  StoreId,
  TillId,
} from '@regulars/contracts';
import { z } from 'zod';

const fields = {
  storeId: StoreId,
  /** Where it came from: `till`, a provider of webhooks, or `import`. */
  source: z.string().min(1).max(20),
  /** What the source itself calls it. */
  externalId: z.string().min(1).max(200),
  tillId: TillId.nullable(),
  customerId: CustomerId.nullable(),
  /** As corrected on receipt. */
  occurredAt: Instant,
  /** What the till said, where it was corrected. */
  tillSaid: Instant.nullable(),
  receivedAt: Instant,
  /** Positive, of refunds too. */
  amountMinor: AmountMinor,
  currency: CurrencyCode,
  importId: ImportId.nullable(),
  /** Of history only: days since 1970-01-01 in the shop's time zone when it was imported. */
  day: z.int().optional(),
};

const Sale = z.strictObject({
  kind: z.literal('sale'),
  id: SaleId,
  ...fields,
  items: z.int().min(0).nullable(),
  lines: z.array(SaleLine).readonly().nullable(),
});

const Refund = z.strictObject({
  kind: z.literal('refund'),
  id: RefundId,
  ...fields,
  saleId: SaleId.nullable(),
  isVoid: z.boolean(),
});

/** One entry of the ledger as it came in: a sale, or money given back. Sums count refunds as negative; a void
 *  takes its sale back as a whole. */
export const SaleRecord = z.discriminatedUnion('kind', [Sale, Refund]);
export type SaleRecord = Readonly<z.infer<typeof SaleRecord>>;
export type RecordedSale = Extract<SaleRecord, { kind: 'sale' }>;
export type RecordedRefund = Extract<SaleRecord, { kind: 'refund' }>;
