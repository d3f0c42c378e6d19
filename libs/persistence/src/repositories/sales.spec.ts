import { idFrom } from '@regulars/contracts/ids';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { GroupCommit } from '../group-commit.js';
import { startMongoServer, storeKinds } from '../testing.js';
import { CustomersRepository } from './customers-repository.js';
import type { SaleRecord } from './sale-record.js';
import { SalesRepository } from './sales-repository.js';

const server = await startMongoServer(process.env);
afterAll(() => server?.stop());

const ADA = idFrom('cus', 'ada');
const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 9, minute)).toISOString();

function common(number: number, customerId: string | null) {
  return {
    storeId: 'main',
    source: 'till',
    externalId: `x${number}`,
    tillId: null,
    customerId,
    occurredAt: at(number),
    tillSaid: null,
    receivedAt: at(number),
    amountMinor: 100 * number,
    currency: 'EUR',
    importId: null,
  };
}
const a = {
  sale: (number: number, customerId: string | null = null): SaleRecord => {
    const id = idFrom('sal', number);
    return { kind: 'sale', id, ...common(number, customerId), items: null, lines: null };
  },
  refund: (number: number, saleId: string | null): SaleRecord => {
    return { kind: 'refund', id: idFrom('ref', number), ...common(number, null), saleId, isVoid: false };
  },
};

async function collected(records: AsyncIterable<SaleRecord>): Promise<SaleRecord[]> {
  const found: SaleRecord[] = [];
  for await (const record of records) found.push(record);
  return found;
}

describe.each(storeKinds(server))('sales in $name', ({ name, fresh }) => {
  it('are inserted once, pending until they are told, the earliest first', async () => {
    const { store, remove } = await fresh();
    const sales = new SalesRepository(store);
    expect(await sales.insertOnce([a.sale(1), a.sale(2), a.sale(1)])).toEqual([true, true, false]);
    expect(await sales.insertOnce([{ ...a.sale(2), amountMinor: 7 }, a.sale(3)])).toEqual([false, true]);
    expect((await sales.get(idFrom('sal', 2)))?.amountMinor).toBe(200);
    expect((await sales.untold(2)).map(({ id }) => id)).toEqual([idFrom('sal', 1), idFrom('sal', 2)]);
    await Promise.all([1, 3].map((number) => sales.markTold(idFrom('sal', number))));
    expect([await sales.untoldCount(), (await sales.untold(10)).map(({ externalId }) => externalId)]).toEqual(
      [1, ['x2']],
    );
    expect(await sales.insertHistory([a.sale(3), a.sale(4)])).toBe(1);
    expect(await sales.untoldCount()).toBe(1);
    await remove();
  });

  it('are read by customer and by store, in time, and become nobody’s when the customer is erased', async () => {
    const { store, remove } = await fresh();
    const sales = new SalesRepository(store);
    await sales.insertOnce([
      a.sale(3, ADA),
      a.sale(1, ADA),
      a.sale(2),
      { ...a.sale(4, ADA), storeId: 'harbour' },
    ]);
    const minutes = (records: readonly SaleRecord[]) => records.map(({ externalId }) => externalId);
    expect(minutes(await collected(sales.ofCustomer(ADA)))).toEqual(['x1', 'x3', 'x4']);
    expect(minutes(await collected(sales.ofCustomer(ADA, { from: at(1), to: at(3) })))).toEqual(['x1']);
    expect(minutes(await collected(sales.ofStore('main')))).toEqual(['x1', 'x2', 'x3']);
    expect(minutes((await sales.list({ storeId: 'main', limit: 2 })).items)).toEqual(['x3', 'x2']);
    expect(await sales.forgetCustomer(ADA)).toBe(3);
    expect(await collected(sales.ofCustomer(ADA))).toEqual([]);
    expect(await collected(sales.ofStore('main'))).toHaveLength(3);
    await remove();
  });

  it('make one ledger in whatever order, groups and repeats they and their refunds come', async () => {
    const saleId = (number: number) => idFrom('sal', number);
    const real = [
      a.sale(1, ADA),
      a.sale(2),
      a.sale(3, ADA),
      a.refund(4, saleId(1)),
      a.refund(5, saleId(1)),
      a.refund(6, saleId(2)),
      a.refund(7, null),
      a.refund(8, saleId(99)),
    ];
    const orders = fc
      .tuple(
        fc.shuffledSubarray(real, { minLength: real.length }),
        fc.array(fc.constantFrom(...real), { maxLength: 8 }),
      )
      .chain(([all, more]) =>
        fc.tuple(fc.constant([...all, ...more]), fc.infiniteStream(fc.integer({ min: 1, max: 4 }))),
      );
    const { store: first, remove } = await fresh();
    const expected = await ledgerAfter(new SalesRepository(first), [real]);
    await remove();
    expect(expected.filter(({ kind, customerId }) => kind === 'refund' && customerId === ADA)).toHaveLength(
      2,
    );
    const run = async ([records, sizes]: [SaleRecord[], Iterable<number>]) => {
      const { store, remove: clean } = await fresh();
      const groups: SaleRecord[][] = [];
      const size = sizes[Symbol.iterator]();
      for (let i = 0; i < records.length;) {
        const count = Number(size.next().value);
        groups.push(records.slice(i, i + count));
        i += count;
      }
      expect(await ledgerAfter(new SalesRepository(store), groups)).toEqual(expected);
      await clean();
    };
    await fc.assert(
      fc.asyncProperty(orders, (order) => run([[...order[0]], order[1]])),
      { numRuns: name === 'sqlite' ? 60 : 5 },
    );
  }, 120_000);

  it('make a customer of each number that is new, once', async () => {
    const { store, remove } = await fresh();
    const customers = new CustomersRepository(store);
    await customers.create(ADA, { displayName: 'Ada', externalId: 'n1' }, at(0));
    let made = 0;
    const freshId = () => idFrom('cus', 'made', made++);
    const both = await Promise.all(
      [1, 2].map(() => customers.ensure(['n1', 'n2', 'n3', 'n2'], at(1), freshId)),
    );
    expect(both.flatMap(({ created }) => created)).toHaveLength(2);
    expect(both[0]?.ids).toEqual(both[1]?.ids);
    expect(both[0]?.ids.get('n1')).toBe(ADA);
    expect((await customers.byExternalId('n3'))?.displayName).toBe('n3');
    await remove();
  });
});

/** @param groups of records that are inserted at the same time, one group after the other */
async function ledgerAfter(sales: SalesRepository, groups: readonly SaleRecord[][]): Promise<SaleRecord[]> {
  for (const group of groups) await sales.insertOnce(group);
  return collected(sales.ofStore('main'));
}

describe('a group commit', () => {
  it('writes together what comes while a write is under way, each with its own result', async () => {
    const sizes: number[] = [];
    const commit = new GroupCommit(async (items: readonly number[]) => {
      sizes.push(items.length);
      await new Promise((turn) => setImmediate(turn));
      return items.map((item) => item * 2);
    });
    const first = Promise.all([1, 2, 3].map((item) => commit.add(item)));
    await new Promise((turn) => setImmediate(turn));
    const second = Promise.all([4, 5].map((item) => commit.add(item)));
    expect([await first, await second]).toEqual([
      [2, 4, 6],
      [8, 10],
    ]);
    expect(sizes).toEqual([3, 2]);
  });

  it('fails the items of a failed write and no others', async () => {
    let writes = 0;
    const commit = new GroupCommit(async (items: readonly number[]) => {
      writes += 1;
      if (writes === 1) throw new Error('away');
      return items;
    });
    await expect(commit.add(1)).rejects.toThrow('away');
    expect(await commit.add(2)).toBe(2);
  });
});
