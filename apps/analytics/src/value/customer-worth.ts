import {
  ValueUpdated,
  type SaleJoinCorrected,
  type SaleRecorded,
  type SaleRefunded,
  type SalesImported,
} from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import type { Periods } from '@regulars/customer-value';
import type { Publisher } from '@regulars/messaging';
import type { StoredEntry } from '@regulars/persistence';
import type { ForecastBook } from './forecast-book.js';
import type { History } from './history.js';
import type { JoinBook } from './join-book.js';
import { entryOfRefund, entryOfSale } from './ledger.js';
import type { LedgerBook } from './ledger-book.js';
import type { LoyaltyBook } from './loyalty-book.js';
import type { SegmentationRun } from './segmentation-run.js';
import { todayAt, type Shelves } from './shelves.js';
import type { ValueBook } from './value-book.js';
import type { Today } from './values.js';
import type { VisitsRepository } from '@regulars/persistence';

/** The books that customers' worth is kept in. */
export interface WorthBooks {
  readonly ledger: LedgerBook;
  readonly values: ValueBook;
  readonly joins: JoinBook;
  readonly loyalty: LoyaltyBook;
  readonly forecasts: ForecastBook;
  readonly history: History;
  readonly segmentation: SegmentationRun;
}

/** What the handlers of sales and visits call. */
export class CustomerWorth {
  constructor(
    private readonly books: WorthBooks,
    private readonly shelves: Shelves & { readonly visits: VisitsRepository },
    private readonly months: Periods,
    private readonly clock: () => number,
  ) {}

  private today(): Today {
    return todayAt(this.clock(), this.months);
  }

  onSale(sale: SaleRecorded): Promise<void> {
    return this.books.ledger.take(entryOfSale(sale, this.months));
  }

  onRefund(refund: SaleRefunded): Promise<void> {
    return this.books.ledger.take(entryOfRefund(refund, this.months));
  }

  async onImport(imported: SalesImported): Promise<void> {
    await this.books.history.take(imported);
    await this.books.segmentation.run();
    await this.books.loyalty.checkAll(this.today());
    await this.books.forecasts.want(imported.importedAt);
  }

  /** A visit began, ended or changed: sales around it may be joined otherwise, and its customer may be loyal. */
  async onVisit(visitId: string): Promise<void> {
    const { joins, ledger, loyalty } = this.books;
    const stored = await this.shelves.visits.get(visitId);
    if (stored === null) return;
    const { storeId, startedAt, lastSeenAt: endedAt, visitor, merged } = stored.visit;
    const around = joins.timeAround({ startedAt, endedAt });
    for await (const entry of this.shelves.ledger.ofStore(storeId, around)) {
      if (entry.kind === 'sale' && (await joins.decide(entry))) await ledger.resettle(entry.entryId);
    }
    if (visitor.kind === 'customer' && merged === null) await loyalty.check(visitor.customerId, this.today());
  }

  /** An operator said whose a sale is not. */
  async onJoinCorrected(correction: SaleJoinCorrected): Promise<void> {
    const { joins, ledger } = this.books;
    const { saleId } = correction;
    await joins.keep(correction);
    const stored = await this.shelves.ledger.get(saleId);
    if (stored === null) return;
    await joins.decide(stored.entry);
    await ledger.resettle(saleId);
  }

  onRules(): Promise<void> {
    return this.books.loyalty.checkAll(this.today());
  }
}

export interface TellingParts {
  readonly books: Pick<WorthBooks, 'values' | 'loyalty' | 'forecasts' | 'segmentation'>;
  readonly publisher: Publisher;
}

/** Brings all that follows from a customer's months in line and tells of it. */
export async function tellValue(
  { books, publisher }: TellingParts,
  customerId: string,
  { entry, revision }: StoredEntry,
  today: Today,
): Promise<void> {
  const value = await books.values.refresh(customerId, today);
  const forecast = await books.forecasts.refresh(customerId, today);
  const { entryId, storeId, saleId, namedCustomerId } = entry;
  const isJoined = namedCustomerId === null && entry.kind === 'sale';
  const told = { customerId, storeId, saleId, isJoined, updatedAt: today.at, value, forecast };
  const eventId = idFrom('evt', entryId, customerId, 'value', revision);
  await publisher.publish(ValueUpdated, told, { eventId });
  await books.loyalty.check(customerId, today);
  books.segmentation.want();
}
