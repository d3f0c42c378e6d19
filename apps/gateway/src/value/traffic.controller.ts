import { Controller, Get, Inject, Query } from '@nestjs/common';
import { TrafficQuery, type ConversionView, type TrafficView } from '@regulars/contracts';
import { Repositories, TIME_ZONE } from '../services.js';
import { shopCalendar, type ShopCalendar } from './shop-calendar.js';
import { spanOf, TrafficCount } from './traffic.js';
import { ValueShelf } from './value-shelf.js';

/** How many came, and how many of them bought. */
@Controller('v1')
export class TrafficController {
  private readonly calendar: ShopCalendar;

  constructor(
    private readonly repositories: Repositories,
    private readonly shelf: ValueShelf,
    @Inject(TIME_ZONE) timeZone: string,
  ) {
    this.calendar = shopCalendar(timeZone);
  }

  @Get('traffic')
  async traffic(@Query({ schema: TrafficQuery }) query: TrafficQuery): Promise<TrafficView> {
    const { storeId, by, customerId } = query;
    const span = spanOf(query, this.calendar.dayOf(Date.now()));
    const count = new TrafficCount(this.calendar, by, span, await this.staffBut(customerId));
    for await (const { visit } of this.repositories.visits.byTimeRange(storeId, span.time)) {
      const { visitor } = visit;
      const isWanted =
        customerId === undefined || (visitor.kind === 'customer' && visitor.customerId === customerId);
      if (isWanted) count.addVisit(visit);
    }
    return { storeId, by, items: count.traffic() };
  }

  /** Those who work here do not count as visitors, unless one of them is asked for. */
  private async staffBut(customerId?: string): Promise<ReadonlySet<string>> {
    const staff = await this.repositories.customers.staff();
    return new Set(staff.filter((id) => id !== customerId));
  }

  @Get('conversion')
  async conversion(
    @Query({ schema: TrafficQuery.omit({ customerId: true }) }) query: TrafficQuery,
  ): Promise<ConversionView> {
    const { storeId, by } = query;
    const span = spanOf(query, this.calendar.dayOf(Date.now()));
    const count = new TrafficCount(this.calendar, by, span, await this.staffBut());
    const startedAt = new Map<string, string>();
    for await (const { visit } of this.repositories.visits.byTimeRange(storeId, span.time)) {
      count.addVisit(visit);
      if (visit.merged === null) startedAt.set(visit.visitId, visit.startedAt);
    }
    for await (const { kind, counts, occurredAt } of this.shelf.ledger.ofStore(storeId, span.time))
      if (kind === 'sale' && counts) count.addSale(occurredAt);
    for await (const link of this.shelf.links.ofStore(storeId, span.time)) {
      const start = link.visitId === null ? undefined : startedAt.get(link.visitId);
      if (start !== undefined) count.addLink(link, start);
    }
    return { storeId, by, items: count.conversion() };
  }
}
