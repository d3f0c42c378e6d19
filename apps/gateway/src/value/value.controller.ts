import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import {
  CustomerId,
  PageQuery,
  SegmentName,
  ValueClass,
  type CohortsView,
  type CustomerValueView,
  type PageView,
  type SegmentsView,
  type ValuedCustomerView,
} from '@regulars/contracts';
import { knownCustomer } from '../customers/customers.controller.js';
import { Repositories, TIME_ZONE } from '../services.js';
import { around, dateOfDay, shopCalendar, type ShopCalendar } from './shop-calendar.js';
import { ValueShelf } from './value-shelf.js';
import { monthsOf, summaryOf, WINDOW_DAYS, windowsOf } from './value-views.js';

/** What customers are worth, and the groups that follow from it. */
@Controller('v1')
export class ValueController {
  private readonly calendar: ShopCalendar;

  constructor(
    private readonly repositories: Repositories,
    private readonly shelf: ValueShelf,
    @Inject(TIME_ZONE) timeZone: string,
  ) {
    this.calendar = shopCalendar(timeZone);
  }

  @Get('customers/:customerId/value')
  async value(@Param('customerId', { schema: CustomerId }) customerId: string): Promise<CustomerValueView> {
    await knownCustomer(this.repositories, customerId);
    const { buckets, forecasts, ledger, values } = this.shelf;
    const day = this.calendar.dayOf(Date.now());
    const value = (await values.get(customerId))?.value ?? null;
    const entries = [];
    const { from } = around(day - Math.max(...WINDOW_DAYS), day);
    for await (const { entry } of ledger.ofOwner(customerId, from)) entries.push(entry);
    return {
      customerId,
      value: value && summaryOf(value, day),
      firstPurchaseOn: value && dateOfDay(value.firstDay),
      lastPurchaseOn: value && dateOfDay(value.lastDay),
      windows: value ? windowsOf(entries, value.currency, day) : [],
      months: monthsOf(await buckets.of(customerId)),
      forecast: await forecasts.get(customerId),
    };
  }

  @Get('segments')
  async segments(): Promise<SegmentsView> {
    const { models, values } = this.shelf;
    const segmentation = await models.segmentation();
    const counts = await Promise.all(
      SegmentName.options.map(async (segment) => ({
        segment,
        customers: await values.countOfSegment(segment),
      })),
    );
    const classes = await Promise.all(
      ValueClass.options.map(async (name) => ({ class: name, customers: await values.countOfClass(name) })),
    );
    const customers = counts.reduce((sum, count) => sum + count.customers, 0);
    return {
      computedAt: segmentation?.computedAt ?? null,
      version: segmentation?.version ?? 0,
      customers,
      segments: counts.map((count) => ({
        ...count,
        share: count.customers / Math.max(1, customers),
        spend: (segmentation?.spend ?? [])
          .filter(({ segment }) => segment === count.segment)
          .map(({ currency, spendMinor }) => ({ currency, spendMinor })),
      })),
      classes,
    };
  }

  @Get('segments/:name/customers')
  async ofSegment(
    @Param('name', { schema: SegmentName }) name: SegmentName,
    @Query({ schema: PageQuery }) page: PageQuery,
  ): Promise<PageView<ValuedCustomerView>> {
    const { items, nextCursor } = await this.shelf.values.ofSegment(name, page);
    const names = await this.repositories.customers.names(items.map(({ customerId }) => customerId));
    const day = this.calendar.dayOf(Date.now());
    return {
      items: items.map((value) => ({
        customerId: value.customerId,
        displayName: names.get(value.customerId) ?? null,
        value: summaryOf(value, day),
      })),
      nextCursor,
    };
  }

  @Get('cohorts')
  async cohorts(): Promise<CohortsView> {
    return (await this.shelf.models.cohorts()) ?? { computedAt: null, cohorts: [] };
  }
}
