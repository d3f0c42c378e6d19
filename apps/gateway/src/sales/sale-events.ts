import { SaleRecorded, SaleRefunded } from '@regulars/contracts';
import { type Message, messageOfEvent } from '@regulars/messaging';
import type { SaleRecord } from '@regulars/persistence';

/** The event's id names its sale or refund, so that what the broker took can be found without a table. */
export function eventIdOf(id: string): string {
  return id.replace(/^(s|r)\w\w_/, 'evt_$1');
}

export function idOfEvent(eventId: string): string {
  return eventId.replace(/^evt_s/, 'sal_').replace(/^evt_r/, 'ref_');
}

/** What is told of a stored sale or refund: the same for the same document, by any process. */
export function messageOf(record: SaleRecord): Message {
  const { id, storeId, tillId, customerId, occurredAt, amountMinor, currency } = record;
  const common = { storeId, tillId, customerId, occurredAt, amountMinor, currency };
  const rest = { eventId: eventIdOf(id), producer: 'gateway' } as const;
  if (record.kind === 'sale')
    return messageOfEvent(SaleRecorded, { saleId: id, ...common, items: record.items }, rest);
  const { saleId, isVoid } = record;
  return messageOfEvent(SaleRefunded, { refundId: id, saleId, ...common, isVoid }, rest);
}
