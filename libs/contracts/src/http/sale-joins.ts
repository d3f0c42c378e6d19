import { z } from 'zod';
import {
  AmountMinor,
  CurrencyCode,
  CustomerId,
  EventId,
  Instant,
  SaleId,
  StoreId,
  VisitId,
} from '../primitives.js';
import { PageQuery } from './value.js';

export const SaleJoinQuery = z.strictObject({
  ...PageQuery.shape,
  storeId: StoreId.default('main'),
  /** Of the sale; `to` no longer belongs to it. */
  from: Instant.optional(),
  to: Instant.optional(),
  /** Only joins that are probable enough to count, or only those that are not. */
  sure: z.stringbool().optional(),
});
export type SaleJoinQuery = z.infer<typeof SaleJoinQuery>;

/** "Not this customer": whose a joined sale is not and, where that is known, whose it is instead. */
export const SaleJoinDenial = z
  .strictObject({
    customerId: CustomerId,
    instead: z
      .union([z.strictObject({ customerId: CustomerId }), z.strictObject({ visitId: VisitId })])
      .optional(),
  })
  .refine(
    ({ customerId, instead }) =>
      instead === undefined || !('customerId' in instead) || instead.customerId !== customerId,
    { error: 'is the customer whose the sale is not', path: ['instead', 'customerId'] },
  );
export type SaleJoinDenial = z.infer<typeof SaleJoinDenial>;

/** The visit and customer whom an operator named: null for a visit when only the customer is known, and for a
 *  customer when the visit is a stranger's. */
export const SaleOwner = z.strictObject({
  visitId: VisitId.nullable(),
  customerId: CustomerId.nullable(),
});
export type SaleOwner = z.infer<typeof SaleOwner>;

/** All that operators said of one sale and did not withdraw. */
export const SaleCorrectionView = z.strictObject({
  saleId: SaleId,
  /** It never counts to these. */
  notCustomerIds: z.array(CustomerId),
  /** Whose it is; null when nobody said. */
  instead: SaleOwner.nullable(),
  /** When something was said last. */
  correctedAt: Instant,
});
export type SaleCorrectionView = z.infer<typeof SaleCorrectionView>;

/** One thing that an operator said of a sale, or that all is withdrawn. Fields of an erased customer are null. */
export const SaleCorrectionAct = z.strictObject({
  correctionId: EventId,
  saleId: SaleId,
  storeId: StoreId,
  kind: z.enum(['not', 'withdrawn']),
  notCustomerId: CustomerId.nullable(),
  instead: SaleOwner.nullable(),
  correctedAt: Instant,
  /** Token of the operator, as GET /v1/tokens lists it. */
  correctedBy: z.string().max(64),
});
export type SaleCorrectionAct = z.infer<typeof SaleCorrectionAct>;

/** To which visit a sale belongs, as far as can be told now: later evidence decides anew. */
export const SaleJoinView = z.strictObject({
  saleId: SaleId,
  storeId: StoreId,
  soldAt: Instant,
  /** Null where the ledger does not hold the sale any more. */
  amountMinor: AmountMinor.nullable(),
  currency: CurrencyCode.nullable(),
  tillId: z.string().nullable(),
  /** Whether the till itself named the customer. */
  isNamed: z.boolean(),
  /** Null when nobody stood at the till. */
  visitId: VisitId.nullable(),
  /** Null for a stranger, and where consent does not allow it. */
  customerId: CustomerId.nullable(),
  displayName: z.string().nullable(),
  probability: z.number().min(0).max(1),
  /** Whether it is probable enough to count. */
  isSure: z.boolean(),
  decidedAt: Instant,
  /** What operators said of it; null when nothing that still holds. */
  correction: SaleCorrectionView.omit({ saleId: true }).nullable(),
});
export type SaleJoinView = z.infer<typeof SaleJoinView>;
