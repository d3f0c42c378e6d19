import type { SalesImported } from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import { calendarMonths } from '@regulars/customer-value';
import {
  BucketsRepository,
  CustomersRepository,
  type DocumentStore,
  LedgerRepository,
  type SaleRecord,
  SalesRepository,
  ValuesRepository,
} from '@regulars/persistence';
import { describe, expect, it } from 'vitest';
import { customerId, withStore } from '../testing.js';
import { aRefund, aSale, killedAfter, valueBench } from './testing.js';

const IMPORT = idFrom('imp', 'history');
const months = calendarMonths('UTC');
const PEOPLE = ['ada', 'ben', 'cy'].map(customerId);
const SALES = Array.from({ length: 40 }, (_, n) =>
  aSale(`h${n}`, {
    customerId: n % 7 === 6 ? null : (PEOPLE[n % PEOPLE.length] ?? null),
    occurredAt: new Date(Date.UTC(2025, 10, 1 + 3 * n, 9)).toISOString(),
    amountMinor: 500 + 10 * n,
  }),
);

function recordOf({ saleId: id, items, ...sale }: (typeof SALES)[number]): SaleRecord {
  return {
    kind: 'sale',
    id,
    ...sale,
    items,
    source: 'till',
    externalId: id,
    tillSaid: null,
    receivedAt: '2026-03-01T09:00:00.000Z',
    importId: IMPORT,
    day: months.dayOf(Date.parse(sale.occurredAt)),
    lines: null,
  };
}

const told = (rows: number): SalesImported => {
  const times = SALES.map(({ occurredAt }) => occurredAt).sort();
  const [from = '', to = ''] = [times[0], times.at(-1)];
  return { importId: IMPORT, storeId: 'main', rows, from, to, importedAt: '2026-04-10T11:00:00.000Z' };
};

/** Months and worth of everybody, without when and how often they were written. */
async function outcome(store: DocumentStore) {
  const buckets = new BucketsRepository(store);
  const values = new ValuesRepository(store);
  const of = async (id: string) => {
    const value = (await values.get(id))?.value;
    return [await buckets.of(id), value && { ...value, updatedAt: '', version: 0 }];
  };
  return Promise.all(PEOPLE.map(of));
}

const oneByOne = (after: (bench: ReturnType<typeof valueBench>) => Promise<void> = async () => undefined) =>
  withStore(async (store) => {
    const bench = valueBench(store);
    for (const sale of SALES) await bench.worth.onSale(sale);
    await after(bench);
    await bench.books.segmentation.run();
    return outcome(store);
  });

describe('imported history', () => {
  it.each([
    ['few rows, customer after customer', SALES.length],
    ['many rows, in one pass over everybody', 100_000],
  ])('is worth what the same sales are that tills told: %s', async (_, rows) => {
    const actual = await withStore(async (store) => {
      await new SalesRepository(store).insertHistory(SALES.map(recordOf));
      const { worth } = valueBench(store);
      await worth.onImport(told(rows));
      expect((await new LedgerRepository(store).list('main', { limit: 5 })).items).toEqual([]);
      await worth.onImport(told(rows));
      return outcome(store);
    });
    expect(actual).toEqual(await oneByOne());
  });

  it('takes voids from before and after it, refunds, and sales that a till tells again', async () => {
    const [first, second, third, fourth] = SALES;
    const back = (name: string, saleId = '', isVoid = false) =>
      aRefund(name, { saleId, isVoid, amountMinor: 90 });
    const early = back('v1', first?.saleId, true);
    const late = [back('v2', second?.saleId, true), back('r3', third?.saleId)];
    const actual = await withStore(async (store) => {
      const { worth, books } = valueBench(store);
      await worth.onRefund(early);
      await new SalesRepository(store).insertHistory(SALES.map(recordOf));
      await worth.onImport(told(SALES.length));
      for (const refund of late) await worth.onRefund(refund);
      if (fourth) await worth.onSale(fourth);
      await worth.onImport(told(100_000));
      await books.segmentation.run();
      return outcome(store);
    });
    const expected = await oneByOne(async ({ worth }) => {
      for (const refund of [early, ...late]) await worth.onRefund(refund);
    });
    expect(actual).toEqual(expected);
  });

  it('comes out the same when analytics dies between any two writes and the event comes again', async () => {
    const expected = await oneByOne();
    for (let writes = 0; writes < 14; writes++) {
      const actual = await withStore(async (store) => {
        await new SalesRepository(store).insertHistory(SALES.map(recordOf));
        const dying = valueBench(killedAfter(store, writes)).worth.onImport(told(100_000));
        await dying.catch((error: unknown) => expect(String(error)).toContain('killed'));
        await valueBench(store).worth.onImport(told(100_000));
        return outcome(store);
      });
      expect(actual).toEqual(expected);
    }
  });

  it('of somebody who was erased while it was stored is nobody’s', () =>
    withStore(async (store) => {
      const [ada = ''] = PEOPLE;
      const customers = new CustomersRepository(store);
      await customers.create(ada, { displayName: 'Ada' }, '2026-01-01T00:00:00.000Z');
      await customers.erase(ada, '2026-02-01T00:00:00.000Z');
      const sales = new SalesRepository(store);
      await sales.insertHistory(SALES.map(recordOf));
      await valueBench(store).worth.onImport(told(SALES.length));
      expect(await new BucketsRepository(store).of(ada)).toEqual([]);
      expect((await sales.list({ customerId: ada, limit: 1 })).items).toEqual([]);
      expect((await sales.list({ storeId: 'main', limit: 100 })).items).toHaveLength(SALES.length);
    }));
});
