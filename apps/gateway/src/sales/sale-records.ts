import {
  assertNever,
  type Instant,
  type NewRefund,
  type NewSale,
  type RefundAnswer,
  type SaleAnswer,
  type SaleResult,
} from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import type { RecordedRefund, RecordedSale, SaleRecord } from '@regulars/persistence';
import { tillTimeOf } from './till-time.js';

/** A sale or a refund as it came in. */
export type Incoming =
  { readonly kind: 'sale'; readonly sale: NewSale } | { readonly kind: 'refund'; readonly refund: NewRefund };

export interface Receipt {
  /** `till`, or a provider of webhooks: ids of different sources never meet. */
  readonly source: string;
  readonly receivedAt: Instant;
  /** Whose it is, once the customer's number was looked up. */
  readonly customerId: string | null;
}

/** Our id of what a source calls by an id of its own: the same sale has it however often it comes. */
export function saleIdOf(source: string, storeId: string, externalId: string): string {
  return idFrom('sal', source, storeId, externalId);
}

export function refundIdOf(source: string, storeId: string, externalId: string): string {
  return idFrom('ref', source, storeId, externalId);
}

/** What is stored of it.
 *  @throws RegularsError SALE_TIME_REFUSED */
export function recordOf(incoming: Incoming, receipt: Receipt): SaleRecord {
  switch (incoming.kind) {
    case 'sale':
      return saleRecordOf(incoming.sale, receipt);
    case 'refund':
      return refundRecordOf(incoming.refund, receipt);
    default:
      return assertNever(incoming);
  }
}

function saleRecordOf(sale: NewSale, receipt: Receipt): RecordedSale {
  const { storeId, lines } = sale;
  const counted = lines?.reduce((sum, { quantity }) => sum + Math.max(0, quantity), 0);
  return {
    kind: 'sale',
    id: saleIdOf(receipt.source, storeId, sale.saleId),
    ...common(sale, receipt),
    externalId: sale.saleId,
    items: sale.items ?? counted ?? null,
    lines: lines ?? null,
  };
}

function refundRecordOf(refund: NewRefund, receipt: Receipt): RecordedRefund {
  const { source } = receipt;
  const { storeId, saleId } = refund;
  return {
    kind: 'refund',
    id: refundIdOf(source, storeId, refund.refundId),
    ...common(refund, receipt),
    externalId: refund.refundId,
    saleId: saleId === undefined ? null : saleIdOf(source, storeId, saleId),
    isVoid: refund.isVoid,
  };
}

function common(body: NewSale | NewRefund, { source, receivedAt, customerId }: Receipt) {
  const { storeId, tillId, amountMinor, currency } = body;
  return {
    storeId,
    source,
    tillId: tillId ?? null,
    customerId,
    ...tillTimeOf(body.occurredAt, receivedAt),
    receivedAt,
    amountMinor,
    currency,
    importId: null,
  };
}

/** What became of a sale that was there already when it came. */
export function resultOfRepeat(stored: SaleRecord, sent: SaleRecord): SaleResult {
  return stored.amountMinor === sent.amountMinor && stored.currency === sent.currency ? 'known' : 'differs';
}

/** What was stored, for the till. */
export function saleAnswerOf(record: RecordedSale, result: SaleResult): SaleAnswer {
  return { saleId: record.id, ...answerOf(record, result) };
}

export function refundAnswerOf(record: RecordedRefund, result: SaleResult): RefundAnswer {
  return { refundId: record.id, saleId: record.saleId, ...answerOf(record, result) };
}

function answerOf(record: SaleRecord, result: SaleResult) {
  const { externalId, customerId, occurredAt, tillSaid } = record;
  const clock = tillSaid === null ? ('kept' as const) : ('corrected' as const);
  return { result, externalId, customerId, occurredAt, clock };
}
