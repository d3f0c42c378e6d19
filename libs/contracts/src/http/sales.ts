import { z } from 'zod';
import { isCurrency } from '../currencies.js';
import {
  AmountMinor,
  CurrencyCode,
  CustomerId,
  Instant,
  RefundId,
  SaleId,
  StoreId,
  TillId,
} from '../primitives.js';

/** Most sales, or refunds, of one request. */
export const MAX_BATCH = 1_000;
const MAX_LINES = 200;

/** What the till itself calls a sale or a refund. */
const TillsOwnId = z.string().trim().min(1).max(120);

/** ISO 4217, one that is in use. */
export const KnownCurrency = CurrencyCode.refine(isCurrency, { error: 'is no currency in use (ISO 4217)' });

/** An instant with any offset, as tills send it; becomes UTC with milliseconds. */
const TillTime = z.iso
  .datetime({
    offset: true,
    error: 'expected a time such as 2026-03-01T09:12:40Z or 2026-03-01T10:12:40+01:00',
  })
  .transform((text) => new Date(text).toISOString());

const customer = {
  /** Whose sale it is, by our id. */
  customerId: CustomerId.optional(),
  /** Whose sale it is, by the operator's own number (card, phone); a number that is new makes a customer. */
  customerExternalId: z.string().trim().min(1).max(120).optional(),
};
const NOT_BOTH = { error: 'name the customer once: customerId or customerExternalId', path: ['customerId'] };
const namesOneCustomer = (body: { customerId?: string; customerExternalId?: string }) =>
  body.customerId === undefined || body.customerExternalId === undefined;

export const SaleLine = z.strictObject({
  article: z.string().trim().min(1).max(120),
  quantity: z.int().min(-100_000).max(100_000),
  /** Of the whole line; negative for a discount or a return within the sale. */
  amountMinor: z.int().min(-1e12).max(1e12),
});
export type SaleLine = z.infer<typeof SaleLine>;

export const NewSale = z
  .strictObject({
    /** The till's own id of the sale, unique within the store: the same id is the same sale, however often sent. */
    saleId: TillsOwnId,
    storeId: StoreId.default('main'),
    tillId: TillId.optional(),
    ...customer,
    /** When it was sold, by the till's clock. */
    occurredAt: TillTime,
    amountMinor: AmountMinor,
    currency: KnownCurrency,
    /** Pieces sold; counted from the lines when absent. */
    items: z.int().min(0).max(1_000_000).optional(),
    lines: z.array(SaleLine).max(MAX_LINES).optional(),
  })
  .refine(namesOneCustomer, NOT_BOTH);
export type NewSale = z.infer<typeof NewSale>;

export const NewRefund = z
  .strictObject({
    /** The till's own id of the refund, unique within the store. */
    refundId: TillsOwnId,
    /** The till's own id of the sale, which may come later; absent when the till does not know it. */
    saleId: TillsOwnId.optional(),
    storeId: StoreId.default('main'),
    tillId: TillId.optional(),
    ...customer,
    occurredAt: TillTime,
    /** What was given back, positive. */
    amountMinor: AmountMinor,
    currency: KnownCurrency,
    /** Whether the whole sale is void, as if it had not been. */
    isVoid: z.boolean().default(false),
  })
  .refine(namesOneCustomer, NOT_BOTH);
export type NewRefund = z.infer<typeof NewRefund>;

export const SaleBatch = z.strictObject({ sales: z.array(NewSale).min(1).max(MAX_BATCH) });
export type SaleBatch = z.infer<typeof SaleBatch>;
export const RefundBatch = z.strictObject({ refunds: z.array(NewRefund).min(1).max(MAX_BATCH) });
export type RefundBatch = z.infer<typeof RefundBatch>;

/** What became of one posted sale or refund. `recorded`: new and stored. `known`: stored before, with the same
 *  amount. `differs`: stored before with another amount; the first one stays. */
export const SaleResult = z.enum(['recorded', 'known', 'differs']);
export type SaleResult = z.infer<typeof SaleResult>;

/** Whether the till's time was kept. `corrected`: it lay more than five minutes ahead, so the time of receipt
 *  stands for it. */
export const TillClock = z.enum(['kept', 'corrected']);
export type TillClock = z.infer<typeof TillClock>;

const answered = {
  result: SaleResult,
  /** As the till calls it. */
  externalId: z.string(),
  customerId: CustomerId.nullable(),
  occurredAt: Instant,
  clock: TillClock,
};
export const SaleAnswer = z.strictObject({ saleId: SaleId, ...answered });
export type SaleAnswer = z.infer<typeof SaleAnswer>;
export const RefundAnswer = z.strictObject({ refundId: RefundId, saleId: SaleId.nullable(), ...answered });
export type RefundAnswer = z.infer<typeof RefundAnswer>;

/** Answers to a batch, in its order. */
export const SaleAnswers = z.strictObject({ items: z.array(SaleAnswer) });
export type SaleAnswers = z.infer<typeof SaleAnswers>;
export const RefundAnswers = z.strictObject({ items: z.array(RefundAnswer) });
export type RefundAnswers = z.infer<typeof RefundAnswers>;

/** Providers whose webhooks are understood. `standard`: any sender after the Standard Webhooks specification. */
export const WebhookProvider = z.enum(['square', 'shopify', 'stripe', 'standard']);
export type WebhookProvider = z.infer<typeof WebhookProvider>;

/** `recorded`, `known`, `differs`: as for a posted sale. `kept`: an event of another type, kept and nothing
 *  else. `repeated`: this very event came before. */
export const WebhookAnswer = z.strictObject({
  eventId: z.string(),
  result: z.enum(['recorded', 'known', 'differs', 'kept', 'repeated']),
});
export type WebhookAnswer = z.infer<typeof WebhookAnswer>;
