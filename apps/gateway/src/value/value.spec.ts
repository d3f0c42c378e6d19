import {
  CohortsView,
  ConversionView,
  CustomerValueView,
  ForecastReportView,
  pageOf,
  SaleJoinView,
  SegmentsView,
  TrafficView,
  ValueUpdated,
  type ForecastView,
} from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import {
  CampaignsRepository,
  CustomersRepository,
  ForecastsRepository,
  SaleLinksRepository,
  ValuesRepository,
} from '@regulars/persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, startRig, type Rig } from '../testing/rig.js';
import { drawHoldOut } from './campaign.js';
import { around, dayOfDate, shopCalendar } from './shop-calendar.js';
import { spanOf, TrafficCount } from './traffic.js';

const ADA = idFrom('cus', 'ada');
const FORECAST: ForecastView = ValueUpdated.example.forecast as ForecastView;

describe('the value of customers over HTTP', () => {
  let rig: Rig;
  const get = async (path: string) => (await rig.request('GET', path)).json() as Promise<unknown>;
  beforeAll(async () => {
    rig = await startRig();
    await new CustomersRepository(rig.store).create(ADA, { displayName: 'Ada' }, '2026-01-01T00:00:00.000Z');
  });
  afterAll(() => rig.close());

  it('is null for a customer who bought nothing', async () => {
    const view = CustomerValueView.parse(await get(`/v1/customers/${ADA}/value`));
    expect(view).toMatchObject({ value: null, windows: [], months: [], forecast: null });
  });

  it('reads recency and segment as of now, whenever they were written', async () => {
    const today = shopCalendar('UTC').dayOf(Date.now());
    await new ValuesRepository(rig.store).save(
      {
        customerId: ADA,
        currency: 'EUR',
        firstDay: today - 200,
        lastDay: today - 100,
        orders: 4,
        days: 4,
        netMinor: 9_900,
        version: 1,
        scores: { recency: 5, frequency: 4, monetary: 4 },
        segment: 'champions',
        class: 'high',
        steps: [
          { fromDay: today - 100, recency: 5, segment: 'champions' },
          { fromDay: today - 50, recency: 2, segment: 'at-risk' },
          { fromDay: today + 50, recency: 1, segment: 'lost' },
        ],
        updatedAt: '2026-03-01T00:00:00.000Z',
      },
      null,
    );
    const { value } = CustomerValueView.parse(await get(`/v1/customers/${ADA}/value`));
    expect(value).toMatchObject({ recencyDays: 100, segment: 'at-risk', scores: { recency: 2 } });
    const page = (await get('/v1/segments/champions/customers')) as { items: unknown[] };
    expect(page.items).toMatchObject([{ customerId: ADA, displayName: 'Ada' }]);
    const segments = SegmentsView.parse(await get('/v1/segments'));
    expect(segments.segments.find(({ segment }) => segment === 'champions')).toMatchObject({
      customers: 1,
      share: 1,
    });
  });

  it('refuses a segment that does not exist and a customer who does not', async () => {
    expect((await errorOf(await rig.request('GET', '/v1/segments/rich/customers'))).code).toBe(
      'REQUEST_INVALID',
    );
    const nobody = await rig.request('GET', `/v1/customers/${idFrom('cus', 'nobody')}/value`);
    expect((await errorOf(nobody)).code).toBe('CUSTOMER_NOT_FOUND');
  });

  it('answers with empty reports before anything was counted', async () => {
    expect(CohortsView.parse(await get('/v1/cohorts')).cohorts).toEqual([]);
    expect(TrafficView.parse(await get('/v1/traffic')).items).toEqual([]);
    expect(ConversionView.parse(await get('/v1/conversion?by=hour')).items).toEqual([]);
    expect(ForecastReportView.parse(await get('/v1/forecasts/report')).state).toBe('never');
  });

  it('lists joins of sales to visits, the latest first, and only the sure ones when asked', async () => {
    const links = new SaleLinksRepository(rig.store);
    const visitId = idFrom('vis', 'one');
    for (const [day, isSure] of [
      ['2026-03-01', true],
      ['2026-03-02', false],
      ['2026-03-03', true],
    ] as const)
      await links.save(
        {
          saleId: idFrom('sal', day),
          storeId: 'main',
          soldAt: `${day}T10:00:00.000Z`,
          visitId: isSure ? visitId : null,
          customerId: isSure ? ADA : null,
          probability: isSure ? 0.93 : 0.4,
          isSure,
          formula: 1,
          decidedAt: `${day}T10:01:00.000Z`,
        },
        null,
      );
    const list = async (query: string) =>
      pageOf(SaleJoinView).parse(await get(`/v1/sale-joins?${query}`)).items;
    expect((await list('')).map(({ soldAt }) => soldAt.slice(8, 10))).toEqual(['03', '02', '01']);
    const [first, ...others] = await list('sure=true&to=2026-03-03T00:00:00.000Z');
    expect(others).toEqual([]);
    expect(first).toMatchObject({ visitId, customerId: ADA, displayName: 'Ada', probability: 0.93 });
    expect(first).toMatchObject({ amountMinor: null, isNamed: false });
    expect(await list('storeId=elsewhere')).toEqual([]);
  });

  it('keeps the rules of loyalty, and refuses rules that say nothing', async () => {
    const rules = [{ ruleId: 'often', name: 'Often', periodDays: 90, minVisitDays: 8 }];
    const put = await rig.request('PUT', '/v1/loyalty-rules', { json: { rules } });
    expect(await put.json()).toEqual({ rules });
    expect(await get('/v1/loyalty-rules')).toEqual({ rules });
    const empty = [{ ruleId: 'x', name: 'X', periodDays: 90 }];
    const wrong = await rig.request('PUT', '/v1/loyalty-rules', { json: { rules: empty } });
    expect((await errorOf(wrong)).code).toBe('REQUEST_INVALID');
    expect(await get('/v1/loyalty-rules')).toEqual({ rules });
  });

  it('exports who may leave, without those held out, whom it records', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => idFrom('cus', `risk-${index}`));
    const forecasts = ids.map((customerId, index) => ({
      customerId,
      forecast: { ...FORECAST, churnProbability: index < 10 ? 0.9 : 0.1 },
    }));
    await new ForecastsRepository(rig.store).put(forecasts, '2026-03-01T00:00:00.000Z');
    const response = await rig.request('GET', '/v1/campaigns/at-risk.csv?holdOut=0.3');
    const lines = (await response.text()).trim().split('\r\n').slice(1);
    expect(lines).toHaveLength(7);
    const campaignId = lines[0]?.split(',').at(-1) ?? '';
    const members = [];
    for await (const member of new CampaignsRepository(rig.store).of(campaignId)) members.push(member);
    expect(members.map(({ customerId }) => customerId).sort()).toEqual(ids.slice(0, 10).sort());
    const heldOut = members.filter(({ isHeldOut }) => isHeldOut).map(({ customerId }) => customerId);
    expect(heldOut).toHaveLength(3);
    for (const customerId of heldOut) expect(lines.join()).not.toContain(customerId);
  });
});

describe('traffic', () => {
  const calendar = shopCalendar('America/New_York');
  const span = { fromDay: dayOfDate('2026-03-01'), toDay: dayOfDate('2026-03-01'), time: around(0, 0) };
  const visit = (startedAt: string, change = {}) =>
    ({ startedAt, visitor: { kind: 'stranger', sightingId: 's' }, merged: null, ...change }) as Parameters<
      TrafficCount['addVisit']
    >[0];

  it('counts by the hour on the shop’s wall, without merged visits and other days', () => {
    const count = new TrafficCount(calendar, 'hour', span);
    count.addVisit(visit('2026-03-01T14:05:00.000Z'));
    count.addVisit(visit('2026-03-01T14:55:00.000Z', { visitor: { kind: 'customer', customerId: ADA } }));
    count.addVisit(visit('2026-03-01T14:56:00.000Z', { merged: { into: 'v', at: 'x' } }));
    count.addVisit(visit('2026-03-01T04:59:00.000Z'));
    count.addVisit(visit('2026-03-02T04:59:00.000Z'));
    expect(count.traffic()).toEqual([
      { time: '2026-03-01T09', visits: 2, customers: 1, strangers: 1 },
      { time: '2026-03-01T23', visits: 1, customers: 0, strangers: 1 },
    ]);
  });

  it('leaves out those who work here', () => {
    const count = new TrafficCount(calendar, 'day', span, new Set([ADA]));
    const visitor = { kind: 'customer', customerId: ADA };
    count.addVisit(visit('2026-03-01T14:05:00.000Z', { visitor }));
    count.addVisit(visit('2026-03-01T14:06:00.000Z'));
    expect(count.traffic()).toEqual([{ time: '2026-03-01', visits: 1, customers: 0, strangers: 1 }]);
  });

  it('counts a visit with two sales as one buying visit, and an unsure one by its probability', () => {
    const count = new TrafficCount(calendar, 'day', span);
    const start = '2026-03-01T14:05:00.000Z';
    for (let i = 0; i < 4; i++) count.addVisit(visit(start));
    const link = (visitId: string, probability: number) =>
      ({ visitId, probability, isSure: probability >= 0.8 }) as Parameters<TrafficCount['addLink']>[0];
    count.addLink(link('a', 1), start);
    count.addLink(link('a', 0.9), start);
    count.addLink(link('b', 0.5), start);
    count.addSale(start);
    expect(count.conversion()).toEqual([
      {
        time: '2026-03-01',
        visits: 4,
        buyingVisits: 1,
        expectedBuyingVisits: 1.5,
        sales: 1,
        conversion: 0.25,
      },
    ]);
  });

  it('is asked for a week by default and refuses spans that are too long', () => {
    expect(spanOf({ by: 'day' }, 20_000)).toMatchObject({ fromDay: 19_994, toDay: 20_000 });
    expect(() => spanOf({ by: 'hour', from: '2026-01-01', to: '2026-03-01' }, 0)).toThrow(
      expect.objectContaining({ code: 'REQUEST_INVALID' }),
    );
    expect(() => spanOf({ by: 'day', from: '2026-03-02', to: '2026-03-01' }, 0)).toThrow(
      expect.objectContaining({ code: 'REQUEST_INVALID' }),
    );
  });
});

describe('a hold-out', () => {
  it('is drawn so that everybody is equally likely to be in it', () => {
    const times = new Array<number>(10).fill(0);
    for (let round = 0; round < 5_000; round++)
      for (const place of drawHoldOut(10, 0.3, Math.random)) times[place] = (times[place] ?? 0) + 1;
    for (const count of times) expect(Math.abs(count - 1_500)).toBeLessThan(200);
  });
});
