import { CustomersRepository, LoyaltyRepository, ValueModels, ValuesRepository } from '@regulars/persistence';
import { describe, expect, it } from 'vitest';
import { customerId, withStore } from '../testing.js';
import { figuresOf, isLoyal } from './loyalty.js';
import { aRefund, aSale, NOW, valueBench } from './testing.js';
import { summaryOf } from './values.js';

const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(NOW - days * DAY_MS).toISOString();

describe('a value', () => {
  it('grows old while nothing is bought, without being written', () =>
    withStore(async (store) => {
      const { worth } = valueBench(store);
      for (const days of [1, 8, 15]) await worth.onSale(aSale(`s${days}`, { occurredAt: daysAgo(days) }));
      const value = (await new ValuesRepository(store).get(customerId('ada')))?.value;
      if (value === undefined) throw new Error('no value');
      const read = (days: number) => {
        const { recencyDays, segment } = summaryOf(value, value.lastDay + days);
        return [recencyDays, segment];
      };
      expect([1, 20, 60, 100, 300].map(read)).toEqual([
        [1, 'potential-loyal'],
        [20, 'potential-loyal'],
        [60, 'need-attention'],
        [100, 'at-risk'],
        [300, 'hibernating'],
      ]);
    }));

  it('is of the currency mostly paid in; purchases count in any', () =>
    withStore(async (store) => {
      const { worth } = valueBench(store);
      await worth.onSale(aSale('a', { amountMinor: 500 }));
      await worth.onSale(aSale('b', { amountMinor: 700 }));
      await worth.onSale(aSale('c', { amountMinor: 90_000, currency: 'JPY' }));
      const value = (await new ValuesRepository(store).get(customerId('ada')))?.value;
      expect(value).toMatchObject({ currency: 'EUR', orders: 3, netMinor: 1_200 });
    }));

  it('is gone when its only purchase is voided', () =>
    withStore(async (store) => {
      const { worth, listener } = valueBench(store);
      await worth.onSale(aSale('a'));
      await worth.onRefund(aRefund('a', { isVoid: true, amountMinor: 1_000 }));
      expect(await new ValuesRepository(store).get(customerId('ada'))).toBeNull();
      const told = listener.heard.filter(({ key }) => key === 'value.updated');
      expect(told.at(-1)?.payload).toMatchObject({ customerId: customerId('ada'), value: null });
    }));
});

describe('the segmentation', () => {
  const shop = async (bench: ReturnType<typeof valueBench>) => {
    for (let i = 0; i < 40; i++)
      for (let j = 0; j <= i % 8; j++) {
        const sale = { customerId: customerId(`c${i}`), amountMinor: 1_000 + 37 * i * (j + 1) };
        await bench.worth.onSale(aSale(`s${i}-${j}`, { ...sale, occurredAt: daysAgo(5 * j + (i % 9) * 20) }));
      }
  };

  it('compares all customers, keeps its centroids, and counts cohorts', () =>
    withStore(async (store) => {
      const bench = valueBench(store);
      await shop(bench);
      const first = await bench.books.segmentation.run();
      expect(first).toMatchObject({ version: 1, customers: 40 });
      expect(Object.keys(first.cuts)).toEqual(['EUR']);
      const values = new ValuesRepository(store);
      const of = async () => {
        const all = [];
        for await (const { value } of values.each()) all.push(value);
        return all;
      };
      const before = await of();
      expect(new Set(before.map(({ segment }) => segment)).size).toBeGreaterThan(3);
      expect(new Set(before.map(({ class: name }) => name))).toEqual(
        new Set(['none', 'low', 'medium', 'high']),
      );
      bench.clock.now += 40 * DAY_MS;
      const spent = (await of()).reduce((sum, { netMinor }) => sum + netMinor, 0);
      expect(first.spend?.reduce((sum, { spendMinor }) => sum + spendMinor, 0)).toBe(spent);
      const second = await bench.books.segmentation.run();
      expect(second.version).toBe(2);
      expect(second.classes).toEqual(first.classes);
      const { cohorts } = (await new ValueModels(store).cohorts()) ?? { cohorts: [] };
      expect(cohorts.reduce((sum, { customers }) => sum + customers, 0)).toBe(40);
      for (const { customers, active } of cohorts) {
        expect(active[0]).toBe(customers);
        expect(Math.max(...active)).toBe(customers);
      }
    }));

  it('gives a sale that is counted meanwhile its place', () =>
    withStore(async (store) => {
      const bench = valueBench(store);
      await shop(bench);
      const run = bench.books.segmentation.run();
      await bench.worth.onSale(aSale('meanwhile', { customerId: customerId('c7'), amountMinor: 5 }));
      await run;
      const value = (await new ValuesRepository(store).get(customerId('c7')))?.value;
      expect(value?.orders).toBe(9);
    }));

  it('tells who moved to another segment', () =>
    withStore(async (store) => {
      const bench = valueBench(store);
      await shop(bench);
      await bench.books.segmentation.run();
      const before = bench.listener.once('segment.changed').length;
      bench.clock.now += 120 * DAY_MS;
      await bench.worth.onSale(aSale('back', { customerId: customerId('c6'), occurredAt: daysAgo(-120) }));
      await bench.books.segmentation.run();
      const moved = bench.listener.once('segment.changed').slice(before);
      expect(moved.length).toBeGreaterThan(0);
      for (const { payload } of moved) expect(payload['from']).not.toBe(payload['to']);
    }));
});

describe('loyalty', () => {
  const rule = { ruleId: 'often', name: 'Often', periodDays: 30, minVisitDays: 2 };

  it('counts days seen or bought once each, within the period', () => {
    const entry = (day: number, change = {}) => {
      return { kind: 'sale', day, amountMinor: 100, currency: 'EUR', ...change } as const;
    };
    const deeds = {
      seenDays: [100, 99, 70],
      entries: [
        entry(100),
        entry(98),
        entry(97, { currency: 'GBP' }),
        entry(100, { kind: 'refund', amountMinor: 30 }),
      ],
    };
    const figures = figuresOf({ ...rule, currency: 'EUR' }, deeds, 100);
    expect(figures).toEqual({ visitDays: 4, spendMinor: 170 });
    expect(isLoyal({ ...rule, minSpendMinor: 171, currency: 'EUR' }, figures)).toBe(false);
    expect(isLoyal({ ...rule, minSpendMinor: 170, currency: 'EUR' }, figures)).toBe(true);
  });

  it('is told once when it is reached, and ends when the time is over', () =>
    withStore(async (store) => {
      const { worth, books, listener, clock } = valueBench(store);
      await new CustomersRepository(store).create(customerId('ada'), { displayName: 'Ada' }, daysAgo(100));
      await worth.onSale(aSale('a', { occurredAt: daysAgo(20) }));
      await new ValueModels(store).setLoyaltyRules({ rules: [rule] });
      await worth.onRules();
      expect(listener.once('loyalty.reached')).toEqual([]);
      for (const days of [10, 5]) await worth.onSale(aSale(`s${days}`, { occurredAt: daysAgo(days) }));
      expect(listener.heard.filter(({ key }) => key === 'loyalty.reached')).toHaveLength(1);
      const list = async () => (await new LoyaltyRepository(store).list({ limit: 10 })).items;
      expect(await list()).toMatchObject([{ customerId: customerId('ada'), visitDays: 3, spendMinor: 0 }]);
      clock.now += 60 * DAY_MS;
      await books.loyalty.checkAll({ day: Math.floor(clock.now / DAY_MS), period: 0, at: daysAgo(-60) });
      expect(await list()).toEqual([]);
    }));
});
