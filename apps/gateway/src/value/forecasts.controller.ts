import { Body, Controller, Get, HttpCode, Inject, Post, Query, StreamableFile } from '@nestjs/common';
import {
  CampaignQuery,
  ForecastQuery,
  ForecastRequested,
  ForecastRunRequest,
  type CustomerForecastView,
  type ForecastReportView,
  type PageView,
} from '@regulars/contracts';
import type { Publisher } from '@regulars/messaging';
import { PUBLISHER, Repositories } from '../services.js';
import { atRiskFile, campaignId, drawHoldOut } from './campaign.js';
import { ValueShelf } from './value-shelf.js';

const NEVER: ForecastReportView = {
  state: 'never',
  progress: 0,
  startedAt: null,
  finishedAt: null,
  model: null,
  note: null,
  customers: 0,
  atRisk: 0,
  historyMonths: 0,
  failure: null,
  backTest: null,
};

/** What is expected of customers, and the lists that follow from it. */
@Controller('v1')
export class ForecastsController {
  constructor(
    private readonly repositories: Repositories,
    private readonly shelf: ValueShelf,
    @Inject(PUBLISHER) private readonly publisher: Publisher,
  ) {}

  @Get('forecasts')
  async forecasts(
    @Query({ schema: ForecastQuery }) query: ForecastQuery,
  ): Promise<PageView<CustomerForecastView>> {
    const { items, nextCursor } = await this.shelf.forecasts.list(query);
    const names = await this.repositories.customers.names(items.map(({ customerId }) => customerId));
    const named = items.map((item) => ({ ...item, displayName: names.get(item.customerId) ?? null }));
    return { items: named, nextCursor };
  }

  @Get('forecasts/report')
  async report(): Promise<ForecastReportView> {
    return (await this.shelf.models.forecastReport()) ?? NEVER;
  }

  @Post('forecasts/run')
  @HttpCode(202)
  async run(@Body({ schema: ForecastRunRequest }) { action }: ForecastRunRequest): Promise<void> {
    const requestedAt = new Date().toISOString();
    await this.publisher.publish(ForecastRequested, { action, requestedAt });
  }

  /** Who is held out is recorded before the list is sent. */
  @Get('campaigns/at-risk.csv')
  async atRisk(@Query({ schema: CampaignQuery }) query: CampaignQuery): Promise<StreamableFile> {
    const exportedAt = new Date().toISOString();
    const id = campaignId(exportedAt);
    const chosen = [];
    for await (const item of this.shelf.forecasts.atRisk(query.minChurn)) {
      chosen.push(item);
      if (chosen.length >= query.limit) break;
    }
    const heldOut = drawHoldOut(chosen.length, query.holdOut, Math.random);
    const members = chosen.map((item, index) => {
      return { ...item, campaignId: id, isHeldOut: heldOut.has(index), exportedAt };
    });
    await this.shelf.campaigns.record(members);
    const names = await this.repositories.customers.names(chosen.map(({ customerId }) => customerId));
    return new StreamableFile(Buffer.from(atRiskFile(members, names)), {
      type: 'text/csv; charset=utf-8; header=present',
      disposition: `attachment; filename="${id}.csv"`,
    });
  }
}
