import { ValueUpdated, type ForecastView } from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { all, codeOf, startMongoServer, storeKinds, type TestStore } from '../testing.js';
import { CampaignsRepository, ForecastsRepository } from './forecasts-repository.js';
import { LoyaltyRepository } from './loyalty-repository.js';

const server = await startMongoServer(process.env);
afterAll(() => server?.stop());

const [ADA, BEN, CLEO] = [idFrom('cus', 'ada'), idFrom('cus', 'ben'), idFrom('cus', 'cleo')];
const at = (day: number) => new Date(Date.UTC(2026, 1, day, 9)).toISOString();
const forecast = (churnProbability: number, expectedSpendMinor: number): ForecastView => ({
  ...(ValueUpdated.example.forecast as ForecastView),
  churnProbability,
  expectedSpendMinor,
});

describe.each(storeKinds(server))('forecasts in $name', ({ fresh }) => {
  let under: TestStore;
  let forecasts: ForecastsRepository;
  beforeEach(async () => {
    under = await fresh();
    forecasts = new ForecastsRepository(under.store);
    await forecasts.put(
      [
        { customerId: ADA, forecast: forecast(0.9, 500), trained: { logit: 0.25 } },
        { customerId: BEN, forecast: forecast(0.2, 9_000) },
        { customerId: CLEO, forecast: forecast(0.95, 20.4) },
      ],
      at(2),
    );
  });
  afterEach(() => under.remove());

  it('come back as they were put, with what a trained model found', async () => {
    expect(await forecasts.get(ADA)).toEqual(forecast(0.9, 500));
    expect([await forecasts.trainedOf(ADA), await forecasts.trainedOf(BEN)]).toEqual([
      { logit: 0.25 },
      undefined,
    ]);
    expect([await forecasts.get(idFrom('cus', 'nobody')), await forecasts.trainedOf('cus_nobody')]).toEqual([
      null,
      undefined,
    ]);
  });

  it('replace what was known, the trained part too', async () => {
    await forecasts.put([{ customerId: ADA, forecast: forecast(0.1, 700) }], at(3));
    expect(await forecasts.get(ADA)).toEqual(forecast(0.1, 700));
    expect(await forecasts.trainedOf(ADA)).toBeUndefined();
  });

  it('are listed by who may leave, or by who spends, page by page', async () => {
    const order = async (by: 'churn' | 'spend') => {
      const first = await forecasts.list({ order: by, limit: 2 });
      const rest = await forecasts.list({ order: by, limit: 2, cursor: first.nextCursor ?? '' });
      expect(rest.nextCursor).toBeNull();
      return [...first.items, ...rest.items].map(({ customerId }) => customerId);
    };
    expect(await order('churn')).toEqual([CLEO, ADA, BEN]);
    expect(await order('spend')).toEqual([BEN, ADA, CLEO]);
    expect(await codeOf(forecasts.list({ order: 'churn', limit: 2, cursor: 'foreign' }))).toBe(
      'REQUEST_INVALID',
    );
  });

  it('name those at risk, the best spenders first, from the probability on', async () => {
    const risky = async (least: number) =>
      (await all(forecasts.atRisk(least))).map(({ customerId }) => customerId);
    expect([await risky(0.9), await risky(0.900_001), await risky(0.96)]).toEqual([[ADA, CLEO], [CLEO], []]);
  });

  it('go with their customer, and when nobody made them anew', async () => {
    await forecasts.put([{ customerId: BEN, forecast: forecast(0.3, 1) }], at(5));
    expect(await forecasts.removeBefore(at(5))).toBe(2);
    expect([await forecasts.remove(BEN), await forecasts.remove(BEN)]).toEqual([true, false]);
    expect((await forecasts.list({ order: 'churn', limit: 5 })).items).toEqual([]);
  });
});

describe.each(storeKinds(server))('campaigns in $name', ({ fresh }) => {
  let under: TestStore;
  beforeEach(async () => {
    under = await fresh();
  });
  afterEach(() => under.remove());

  it('record who was on a list and who was held out, each once', async () => {
    const campaigns = new CampaignsRepository(under.store);
    const member = (campaignId: string, customerId: string, isHeldOut: boolean) => {
      return { campaignId, customerId, isHeldOut, forecast: forecast(0.9, 500), exportedAt: at(1) };
    };
    const first = [member('spring', ADA, false), member('spring', BEN, true)];
    await campaigns.record([...first, member('summer', ADA, true)]);
    await campaigns.record(first);
    await campaigns.record([]);
    const sorted = [...first].sort((one, other) => (one.customerId < other.customerId ? -1 : 1));
    const found = await all(campaigns.of('spring'));
    expect(found.sort((one, other) => (one.customerId < other.customerId ? -1 : 1))).toEqual(sorted);
    expect([await campaigns.removeOfCustomer(ADA), await campaigns.removeOfCustomer(ADA)]).toEqual([2, 0]);
    expect([await all(campaigns.of('spring')), await all(campaigns.of('summer'))]).toEqual([[first[1]], []]);
  });

  it('refuse a member that has no form', async () => {
    const campaigns = new CampaignsRepository(under.store);
    const wrong = {
      campaignId: 'x',
      customerId: 'ada',
      isHeldOut: false,
      forecast: forecast(0.9, 1),
      exportedAt: at(1),
    };
    await expect(campaigns.record([wrong])).rejects.toThrow();
    expect(await all(campaigns.of('x'))).toEqual([]);
  });
});

describe.each(storeKinds(server))('loyal customers in $name', ({ fresh }) => {
  let under: TestStore;
  let loyalty: LoyaltyRepository;
  const loyal = (ruleId: string, customerId: string, day: number, visitDays = 8) => {
    return { ruleId, customerId, visitDays, spendMinor: 100 * visitDays, reachedAt: at(day) };
  };
  beforeEach(async () => {
    under = await fresh();
    loyalty = new LoyaltyRepository(under.store);
    for (const line of [loyal('often', ADA, 3), loyal('often', BEN, 5), loyal('much', ADA, 4)])
      await loyalty.enter(line);
  });
  afterEach(() => under.remove());

  it('keep the time of the first entry while their figures are brought up to date', async () => {
    await loyalty.enter(loyal('often', ADA, 9, 12));
    expect(await loyalty.get('often', ADA)).toEqual(loyal('often', ADA, 3, 12));
    await loyalty.enter(loyal('often', ADA, 1, 13));
    expect((await loyalty.get('often', ADA))?.reachedAt).toBe(at(1));
    expect(await loyalty.get('much', BEN)).toBeNull();
  });

  it('are listed newest first, of one rule or of all, page by page', async () => {
    const ofRule = await loyalty.list({ ruleId: 'often', limit: 5 });
    expect(ofRule.items.map(({ customerId }) => customerId)).toEqual([BEN, ADA]);
    const first = await loyalty.list({ limit: 2 });
    expect(first.items.map(({ reachedAt }) => reachedAt)).toEqual([at(5), at(4)]);
    const rest = await loyalty.list({ limit: 2, cursor: first.nextCursor ?? '' });
    expect([rest.items, rest.nextCursor]).toEqual([[loyal('often', ADA, 3)], null]);
    expect(await codeOf(loyalty.list({ limit: 2, cursor: 'foreign' }))).toBe('REQUEST_INVALID');
  });

  it('leave the list one by one, and wholly when erased', async () => {
    expect([await loyalty.remove('often', BEN), await loyalty.remove('often', BEN)]).toEqual([true, false]);
    expect(await loyalty.removeOfCustomer(ADA)).toBe(2);
    expect(await all(loyalty.each())).toEqual([]);
  });
});
