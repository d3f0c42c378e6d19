import {
  CustomerUpdated,
  type Instant,
  type NewSale,
  RegularsError,
  type SaleResult,
  type Telemetry,
} from '@regulars/contracts';
import { idFrom, newId } from '@regulars/contracts/ids';
import { type Broker, OutboxRelay, type Publisher } from '@regulars/messaging';
import type { CustomersRepository, SaleRecord, SaleRequest, SalesRepository } from '@regulars/persistence';
import { idOfEvent, messageOf } from './sale-events.js';
import { type Incoming, recordOf, resultOfRepeat } from './sale-records.js';

export interface Taken {
  /** As it is stored: of a repeat, what came first. */
  readonly record: SaleRecord;
  readonly result: SaleResult;
}

interface Desk {
  readonly sales: SalesRepository;
  readonly customers: CustomersRepository;
  /** For customers that a sale makes; sales are told by the desk itself. */
  readonly publisher: Publisher;
}

/** Takes sales and refunds in, each once. A document is stored together with the mark that it is still to be
 *  told; a relay tells the broker and takes the mark off, now or after a restart. */
export class SalesDesk {
  private readonly relay: OutboxRelay;

  constructor(
    private readonly desk: Desk,
    broker: Broker,
    private readonly telemetry: Telemetry,
  ) {
    const { sales } = desk;
    const outbox = {
      oldest: async (limit: number) => (await sales.untold(limit)).map(messageOf),
      forget: (eventId: string) => sales.markTold(idOfEvent(eventId)),
      size: () => sales.untoldCount(),
    };
    this.relay = new OutboxRelay(broker, outbox, telemetry, 'regulars_sales_waiting');
  }

  /** Resolves once all of them are stored.
   *  @param source `till`, or a provider of webhooks
   *  @throws RegularsError SALE_TIME_REFUSED, CUSTOMER_NOT_FOUND: nothing was stored; the store's own errors:
   *    some may be, and sending all again is right */
  async take(incoming: readonly Incoming[], source: string, receivedAt: Instant): Promise<Taken[]> {
    const customerOf = await this.customersOf(incoming, receivedAt);
    const records = incoming.map((one) => {
      return recordOf(one, { source, receivedAt, customerId: customerOf(one) });
    });
    const inserted = await this.desk.sales.insertOnce(records);
    const taken = await Promise.all(
      records.map((record, place) => (inserted[place] ? this.tell(record) : this.repeat(record))),
    );
    for (const { record, result } of taken) {
      this.telemetry.meter.count('regulars_sales_total', { kind: record.kind, source, result });
    }
    return taken;
  }

  /** Stores one sale together with the request that brought it.
   *  @returns null, and nothing was stored, when the sale is there, the request came before, or the customer must be
   *    made first
   *  @throws RegularsError SALE_TIME_REFUSED, CUSTOMER_NOT_FOUND */
  async takeRequested(
    sale: NewSale,
    source: string,
    request: SaleRequest,
    receivedAt: Instant,
  ): Promise<Taken | null> {
    const customerId = await this.presentCustomer(sale);
    if (customerId === undefined) return null;
    const record = recordOf({ kind: 'sale', sale }, { source, receivedAt, customerId });
    if (!(await this.desk.sales.insertRequested(record, request))) return null;
    this.relay.sendKept(messageOf(record));
    this.telemetry.meter.count('regulars_sales_total', { kind: 'sale', source, result: 'recorded' });
    return { record, result: 'recorded' };
  }

  /** @returns undefined when the sale names a number that is new */
  private async presentCustomer({
    customerId,
    customerExternalId,
  }: NewSale): Promise<string | null | undefined> {
    if (customerId !== undefined) return this.knownCustomer(customerId);
    if (customerExternalId === undefined) return null;
    return (await this.desk.customers.byExternalId(customerExternalId))?.customerId;
  }

  private async tell(record: SaleRecord): Promise<Taken> {
    const isToBeLinked = record.kind === 'refund' && record.customerId === null && record.saleId !== null;
    const linked = isToBeLinked ? ((await this.desk.sales.get(record.id)) ?? record) : record;
    this.relay.sendKept(messageOf(linked));
    return { record: linked, result: 'recorded' };
  }

  private async repeat(record: SaleRecord): Promise<Taken> {
    const stored = (await this.desk.sales.get(record.id)) ?? record;
    return { record: stored, result: resultOfRepeat(stored, record) };
  }

  /** Looks up who is named, and makes a customer of each number that is new. An erased customer's sale is
   *  nobody's. */
  private async customersOf(
    incoming: readonly Incoming[],
    at: Instant,
  ): Promise<(one: Incoming) => string | null> {
    const bodies = incoming.map(bodyOf);
    const known = new Map<string, string | null>();
    for (const id of new Set(bodies.flatMap(({ customerId }) => customerId ?? []))) {
      known.set(id, await this.knownCustomer(id));
    }
    const numbers = bodies.flatMap(({ customerExternalId }) => customerExternalId ?? []);
    const { ids, created } = await this.desk.customers.ensure(numbers, at, () => newId('cus'));
    await announceCustomers(created, at, this.desk.publisher);
    return (one) => {
      const { customerId, customerExternalId } = bodyOf(one);
      if (customerId !== undefined) return known.get(customerId) ?? null;
      return customerExternalId === undefined ? null : (ids.get(customerExternalId) ?? null);
    };
  }

  private async knownCustomer(customerId: string): Promise<string | null> {
    const { customers } = this.desk;
    if (await customers.get(customerId)) return customerId;
    if (await customers.isErased(customerId)) return null;
    throw new RegularsError('CUSTOMER_NOT_FOUND', { customerId });
  }

  /** What the broker has not taken by then stays marked and is told at the next start. */
  close(timeoutMs: number): Promise<void> {
    return this.relay.close(timeoutMs);
  }
}

function bodyOf(incoming: Incoming) {
  return incoming.kind === 'sale' ? incoming.sale : incoming.refund;
}

/** Tells of customers that a sale or an import made. */
export async function announceCustomers(
  customerIds: readonly string[],
  at: Instant,
  publisher: Publisher,
): Promise<void> {
  await Promise.all(
    customerIds.map((customerId) => {
      const event = { customerId, change: 'created', updatedAt: at } as const;
      const eventId = idFrom('evt', CustomerUpdated.key, 'created', customerId);
      return publisher.publish(CustomerUpdated, event, { eventId });
    }),
  );
}
