import { idFrom } from '@regulars/contracts/ids';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { all, startMongoServer, storeKinds, type TestStore } from '../testing.js';
import { ImportedFolders } from './imported-folders.js';
import { ImportedSales } from './imported-sales.js';
import { ImportParts } from './import-parts.js';
import type { SaleRecord } from './sale-record.js';
import { SalesRepository } from './sales-repository.js';

const server = await startMongoServer(process.env);
afterAll(() => server?.stop());

const PEOPLE = Array.from({ length: 30 }, (_, i) => idFrom('cus', i));
const [ADA = '', BEN = ''] = PEOPLE;
const IMPORT = idFrom('imp', 'large');
const at = (n: number) => new Date(Date.UTC(2026, 1, 1, 9, n)).toISOString();

function sale(n: number, customerId: string | null, importId: string | null = IMPORT): SaleRecord {
  return {
    kind: 'sale',
    id: idFrom('sal', n),
    storeId: 'main',
    source: 'till',
    externalId: `S${n}`,
    tillId: null,
    customerId,
    occurredAt: at(n),
    tillSaid: null,
    receivedAt: at(900),
    amountMinor: 100 + n,
    currency: 'EUR',
    importId,
    ...(importId === null ? {} : { day: 20_485 }),
    items: null,
    lines: null,
  };
}

/** One after the other to everybody, and every eighth to nobody. */
const SALES = Array.from({ length: 90 }, (_, n) =>
  sale(n, n % 8 === 7 ? null : (PEOPLE[n % PEOPLE.length] ?? null)),
);
const mineOf = (customerId: string | null) =>
  SALES.filter((one) => one.customerId === customerId).map(({ id }) => id);

const idsOf = async (items: AsyncIterable<{ id: string } | { entryId: string }>) =>
  (await all(items)).map((item) => ('id' in item ? item.id : item.entryId));

describe.each(storeKinds(server))('sales of a large import in $name', ({ fresh }) => {
  let under: TestStore;
  let sales: SalesRepository;
  beforeEach(async () => {
    under = await fresh();
    sales = new SalesRepository(under.store);
  });
  afterEach(() => under.remove());

  const storeChunk = (offset: number, count: number, rows: number) =>
    sales.insertHistory(SALES.slice(offset, offset + count), { importId: IMPORT, offset, rows });
  /** @param rows of which the import is said to be, which tells the number of ranges */
  const storeAll = async (rows: number) => {
    for (const offset of [0, 40, 80]) await storeChunk(offset, 40, rows);
  };
  const file = async () => {
    const parts = new ImportParts(under.store);
    const folders = new ImportedFolders(under.store);
    for (const { range, entriesOf } of await all(parts.ranges(IMPORT))) {
      const brought = [...entriesOf].map(([customerId, entries]) => ({ customerId, entries }));
      await folders.write(IMPORT, brought);
      await parts.removeRange(IMPORT, range);
    }
    await parts.markSummed(IMPORT);
  };

  it.each([1, 400_000, 3_000_000, 1_000_000_000])(
    'are kept in parts, by ranges of customers in their order, each once: %i rows',
    async (rows) => {
      await storeAll(rows);
      // A chunk is stored again after a kill, and a file may name a sale twice.
      expect(await storeChunk(40, 40, rows)).toBe(0);
      const again = SALES.slice(0, 3);
      expect(await sales.insertHistory(again, { importId: IMPORT, offset: 90, rows })).toBe(0);
      const ranges = await all(new ImportParts(under.store).ranges(IMPORT));
      const found = ranges.flatMap(({ entriesOf }) => [...entriesOf.keys()].sort());
      expect(found).toEqual([...PEOPLE].sort());
      for (const { entriesOf } of ranges)
        for (const [customerId, entries] of entriesOf)
          expect(entries.map(({ entryId }) => entryId)).toEqual(mineOf(customerId));
      expect(ranges.length > 1).toBe(rows > 250_000);
    },
  );

  it('are parts until they are summed, range after range', async () => {
    const parts = new ImportParts(under.store);
    expect(await parts.stateOf(IMPORT)).toBeNull();
    await storeAll(1_000_000_000);
    expect(await parts.stateOf(IMPORT)).toBe('kept');
    const [first, second] = await all(parts.ranges(IMPORT));
    await parts.removeRange(IMPORT, first?.range ?? NaN);
    expect((await all(parts.ranges(IMPORT)))[0]?.range).toBe(second?.range);
    await file();
    expect(await parts.stateOf(IMPORT)).toBe('summed');
    expect(await all(parts.ranges(IMPORT))).toEqual([]);
  });

  it('are found by customer in their folders, beside what tills told, and read as they were stored', async () => {
    await sales.insertOnce([sale(700, ADA, null), sale(1, BEN, null)]);
    await storeAll(3_000_000);
    await file();
    expect(await idsOf(sales.ofCustomer(ADA))).toEqual([...mineOf(ADA), idFrom('sal', 700)]);
    // The till was first with this one: it counts as the till said.
    expect(await idsOf(sales.ofCustomer(BEN))).toEqual(mineOf(BEN));
    const imported = new ImportedSales(under.store);
    expect(await idsOf(imported.ofOwner(BEN))).toEqual(mineOf(BEN).slice(1));
    expect(await idsOf(imported.ofOwner(ADA, at(1)))).toEqual(mineOf(ADA).slice(1));
    expect(await idsOf(sales.ofCustomer(ADA, { from: at(0), to: at(1) }))).toEqual(mineOf(ADA).slice(0, 1));
    const [entry] = await all(imported.ofOwner(ADA));
    expect(entry).toEqual(await imported.get(entry?.entryId ?? ''));
    expect((await sales.get(SALES[2]?.id ?? ''))?.customerId).toBe(PEOPLE[2]);
    expect((await all(sales.ofStore('main'))).slice(2, 9)).toEqual(SALES.slice(2, 9));
  });

  it('are given to the refunds that waited for them, and become nobody’s with an erasure', async () => {
    const [first] = SALES;
    const { items: _items, lines: _lines, ...given } = sale(800, null, null) as SaleRecord & { kind: 'sale' };
    const refund = {
      ...given,
      kind: 'refund',
      id: idFrom('ref', 1),
      saleId: first?.id ?? '',
      isVoid: false,
    } as const;
    await sales.insertOnce([refund]);
    await storeAll(3_000_000);
    expect((await sales.get(refund.id))?.customerId).toBe(ADA);
    await file();
    expect(await sales.forgetCustomer(ADA)).toBe(mineOf(ADA).length + 1);
    expect(await all(sales.ofCustomer(ADA))).toEqual([]);
    const left = await all(sales.ofStore('main'));
    expect(left).toHaveLength(SALES.length + 1);
    expect(left.filter(({ customerId }) => customerId === ADA)).toEqual([]);
  });

  it('of one who has very many of them are found all the same', async () => {
    const entries = Array.from({ length: 12_000 }, (_, n) => {
      const occurredAt = at(n);
      return {
        entryId: idFrom('sal', n),
        kind: 'sale',
        saleId: idFrom('sal', n),
        storeId: 'main',
        tillId: null,
        occurredAt,
        day: 20_485,
        period: 24_313,
        amountMinor: n + 1,
        currency: 'EUR',
        isVoid: false,
        namedCustomerId: ADA,
        ownerId: ADA,
        counts: true,
        due: [],
        isTold: true,
      } as const;
    });
    const folders = new ImportedFolders(under.store);
    await folders.write(IMPORT, [{ customerId: ADA, entries }]);
    expect(await folders.of(ADA)).toEqual(entries);
    expect(await folders.of(ADA, at(11_000))).toEqual(entries.slice(11_000));
    expect(await folders.of(BEN)).toEqual([]);
    await folders.remove(ADA);
    expect(await folders.of(ADA)).toEqual([]);
  });
});
