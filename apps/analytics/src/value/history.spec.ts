import type { SalesImported } from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import { calendarMonths } from '@regulars/customer-value';
import {
  BucketsRepository,
  CustomersRepository,
  type DocumentStore,
  LedgerRepository,
  MANY_ROWS,
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

/** Of an import whose customers fall into many ranges. */
const MANY = 100_000_000;
const told = (rows: number): SalesImported => {
  const times = SALES.map(({ occurredAt }) => occurredAt).sort();
  const [from = '', to = ''] = [times[0], times.at(-1)];
  return { importId: IMPORT, storeId: 'main', rows, from, to, importedAt: '2026-04-10T11:00:00.000Z' };
};

/** As the importer stores it: a file with that many rows in chunks, of which some were stored twice. */
async function storeHistory(store: DocumentStore, rows: number): Promise<void> {
  const sales = new SalesRepository(store);
  const records = SALES.map(recordOf);
  if (rows < MANY_ROWS) {
    await sales.insertHistory(records);
    return;
  }
  for (const offset of [0, 15, 15, 30])
    await sales.insertHistory(records.slice(offset, offset + 15), { importId: IMPORT, offset, rows });
}

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
    ['many rows, range after range of customers', MANY],
  ])('is worth what the same sales are that tills told: %s', async (_, rows) => {
    const actual = await withStore(async (store) => {
      await storeHistory(store, rows);
      const { worth } = valueBench(store);
      await worth.onImport(told(rows));
      expect((await new LedgerRepository(store).list('main', { limit: 5 })).items).toEqual([]);
      await worth.onImport(told(rows));
      return outcome(store);
    });
    expect(actual).toEqual(await oneByOne());
  });

  it.each([
    ['few rows', SALES.length],
    ['many rows', MANY],
  ])(
    'takes voids from before and after it, refunds, and sales that a till tells again: %s',
    async (_, rows) => {
      const [first, second, third, fourth] = SALES;
      const back = (name: string, saleId = '', isVoid = false) =>
        aRefund(name, { saleId, isVoid, amountMinor: 90 });
      const early = back('v1', first?.saleId, true);
      const late = [back('v2', second?.saleId, true), back('r3', third?.saleId)];
      const actual = await withStore(async (store) => {
        const { worth, books } = valueBench(store);
        await worth.onRefund(early);
        await storeHistory(store, rows);
        await worth.onImport(told(rows));
        for (const refund of late) await worth.onRefund(refund);
        if (fourth) await worth.onSale(fourth);
        await worth.onImport(told(rows));
        await books.segmentation.run();
        return outcome(store);
      });
      const expected = await oneByOne(async ({ worth }) => {
        for (const refund of [early, ...late]) await worth.onRefund(refund);
      });
      expect(actual).toEqual(expected);
    },
  );

  it('comes out the same when analytics dies between any two writes and the event comes again', async () => {
    const expected = await oneByOne();
    for (let writes = 0; writes < 22; writes++) {
      const actual = await withStore(async (store) => {
        await storeHistory(store, MANY);
        const dying = valueBench(killedAfter(store, writes)).worth.onImport(told(MANY));
        await dying.catch((error: unknown) => expect(String(error)).toContain('killed'));
        await valueBench(store).worth.onImport(told(MANY));
        return outcome(store);
      });
      expect(actual).toEqual(expected);
    }
  });

  it('brought by a second file, and told by tills in between, is counted with the first', async () => {
    const second = idFrom('imp', 'second');
    const actual = await withStore(async (store) => {
      const sales = new SalesRepository(store);
      const records = SALES.map(recordOf);
      await sales.insertHistory(records.slice(0, 25), { importId: IMPORT, offset: 0, rows: MANY });
      const { worth } = valueBench(store);
      const [, , , fourth] = SALES;
      if (fourth) await worth.onSale(fourth);
      await worth.onImport(told(MANY));
      // The files overlap, and the second one is counted before a sale of it is told once more.
      const later = records.slice(20).map((record) => ({ ...record, importId: second }));
      await sales.insertHistory(later, { importId: second, offset: 0, rows: MANY });
      await worth.onImport({ ...told(MANY), importId: second });
      const last = SALES.at(-1);
      if (last) await worth.onSale(last);
      return outcome(store);
    });
    expect(actual).toEqual(await oneByOne());
  });

  it.each([
    ['few rows', SALES.length],
    ['many rows', MANY],
  ])('of somebody who was erased while it was stored is nobody’s: %s', (_, rows) =>
    withStore(async (store) => {
      const [ada = ''] = PEOPLE;
      const customers = new CustomersRepository(store);
      await customers.create(ada, { displayName: 'Ada' }, '2026-01-01T00:00:00.000Z');
      await customers.erase(ada, '2026-02-01T00:00:00.000Z');
      const sales = new SalesRepository(store);
      await storeHistory(store, rows);
      await valueBench(store).worth.onImport(told(rows));
      expect(await new BucketsRepository(store).of(ada)).toEqual([]);
      for await (const { id } of sales.ofCustomer(ada)) expect.unreachable(id);
      const { items } = await sales.list({ storeId: 'main', limit: 100 });
      expect(items).toHaveLength(SALES.length);
      expect(items.filter(({ customerId: of }) => of === ada)).toEqual([]);
    }),
  );
});
