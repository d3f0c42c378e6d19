import { idFrom } from '@regulars/contracts/ids';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { all, codeOf, startMongoServer, storeKinds, type TestStore } from '../testing.js';
import { BucketsRepository, type MonthBucket } from './buckets-repository.js';
import { ImportedSales } from './imported-sales.js';
import { ImportsRepository } from './imports-repository.js';
import type { LedgerEntry } from './ledger-entry.js';
import { LedgerRepository } from './ledger-repository.js';
import { ANSWER_KEPT_MS, RequestsRepository } from './requests-repository.js';
import type { SaleRecord } from './sale-record.js';
import { SalesRepository } from './sales-repository.js';
import { type CustomerValue, ValuesRepository } from './values-repository.js';
import { WebhookEventsRepository } from './webhook-events-repository.js';

const server = await startMongoServer(process.env);
afterAll(() => server?.stop());

const [ADA, BEN] = [idFrom('cus', 'ada'), idFrom('cus', 'ben')];
const IMPORT = idFrom('imp', 'one');
const at = (day: number) => new Date(Date.UTC(2026, 1, day, 9)).toISOString();

function imported(day: number, customerId: string | null): SaleRecord {
  return {
    kind: 'sale',
    id: idFrom('sal', day),
    storeId: 'main',
    source: 'till',
    externalId: `S${day}`,
    tillId: null,
    customerId,
    occurredAt: at(day),
    tillSaid: null,
    receivedAt: at(28),
    amountMinor: 100 * day,
    currency: 'EUR',
    importId: IMPORT,
    day: 20_484 + day,
    items: null,
    lines: null,
  };
}

function entry(day: number, ownerId: string | null): LedgerEntry {
  const id = idFrom('sal', day);
  return {
    entryId: id,
    kind: 'sale',
    saleId: id,
    storeId: 'main',
    tillId: null,
    occurredAt: at(day),
    day: 20_484 + day,
    period: 24_313,
    amountMinor: 100 * day,
    currency: 'EUR',
    isVoid: false,
    namedCustomerId: ownerId,
    ownerId,
    counts: true,
    due: [],
    isTold: true,
  };
}

const bucket = (customerId: string, period: number): MonthBucket => {
  const currencies = { EUR: { orders: 1, grossMinor: 100, refundsMinor: 0 } };
  return { customerId, period, orders: 1, days: 1, firstDay: 20_490, lastDay: 20_490, currencies };
};

const value = (customerId: string, netMinor: number): CustomerValue => ({
  customerId,
  currency: 'EUR',
  firstDay: 20_490,
  lastDay: 20_490,
  orders: 1,
  days: 1,
  netMinor,
  version: 1,
  scores: { recency: 5, frequency: 1, monetary: 1 },
  segment: 'new',
  class: 'low',
  steps: [{ fromDay: 20_490, recency: 5, segment: 'new' }],
  updatedAt: at(28),
});

describe.each(storeKinds(server))('what customers are worth in $name', ({ fresh }) => {
  let under: TestStore;
  beforeEach(async () => {
    under = await fresh();
  });
  afterEach(() => under.remove());

  it('is counted from imported sales where they are, and from the ledger once they change', async () => {
    const sales = new SalesRepository(under.store);
    const ledger = new LedgerRepository(under.store);
    await sales.insertHistory([imported(3, ADA), imported(1, ADA), imported(2, null), imported(5, BEN)]);
    await ledger.save(entry(4, ADA), null);
    await ledger.save({ ...entry(1, ADA), counts: false }, 0);
    const told = (await all(ledger.ofOwner(ADA))).map(({ entry: { day, counts }, revision }) => [
      day - 20_484,
      counts,
      revision,
    ]);
    expect(told).toEqual([
      [1, false, 1],
      [3, true, 0],
      [4, true, 1],
    ]);
    expect((await ledger.ofMonth(ADA, 24_313)).map(({ day }) => day - 20_484)).toEqual([3, 4]);
    const ofStore = await all(ledger.ofStore('main', { from: at(2), to: at(5) }));
    expect(ofStore.map(({ day }) => day - 20_484)).toEqual([2, 3, 4]);
    expect(await ledger.get(idFrom('sal', 5))).toEqual({ entry: entry(5, BEN), revision: 0 });
    expect(await codeOf(ledger.save(entry(1, ADA), 0))).toBe('REVISION_CONFLICT');
    const read = new ImportedSales(under.store);
    expect((await all(read.ofOwner(ADA))).map(({ day }) => day - 20_484)).toEqual([1, 3]);
    const span = { importId: IMPORT, storeId: 'main', from: at(1), to: at(5) };
    expect(await read.customersOf(span)).toEqual(new Set([ADA, BEN]));
  });

  it('keeps months by customer, changed by whoever read them last', async () => {
    const buckets = new BucketsRepository(under.store);
    await buckets.save(bucket(ADA, 24_313), 0);
    await buckets.save(bucket(ADA, 24_311), 1);
    expect(await codeOf(buckets.save(bucket(ADA, 24_312), 1))).toBe('REVISION_CONFLICT');
    expect((await buckets.of(ADA)).map(({ period }) => period)).toEqual([24_311, 24_313]);
    const months = [bucket(BEN, 24_310)];
    await buckets.putMany([
      { customerId: ADA, buckets: [bucket(ADA, 24_309)] },
      { customerId: BEN, buckets: months },
    ]);
    expect([await buckets.revisionOf(ADA), await buckets.revisionOf(BEN)]).toEqual([3, 1]);
    expect((await buckets.ofMany([BEN, 'cus_nobody'])).get(BEN)).toEqual(months);
    expect((await all(buckets.byCustomer())).map(({ customerId }) => customerId)).toEqual([ADA, BEN].sort());
    expect(await buckets.removeOfCustomer(ADA)).toBe(true);
    expect(await buckets.of(ADA)).toEqual([]);
  });

  it('lists values by segment, the most valuable first', async () => {
    const values = new ValuesRepository(under.store);
    await values.save(value(ADA, 500), null);
    await values.putMany([{ value: value(BEN, 900), revision: 0 }]);
    const listed = await values.ofSegment('new', { limit: 5 });
    expect(listed.items.map(({ netMinor }) => netMinor)).toEqual([900, 500]);
    expect([...(await values.getMany([ADA, BEN, 'cus_nobody'])).keys()].sort()).toEqual([ADA, BEN].sort());
    expect([await values.countOfSegment('new'), await values.countOfClass('low')]).toEqual([2, 2]);
    expect(await codeOf(values.save(value(ADA, 1), null))).toBe('REVISION_CONFLICT');
  });
});

describe.each(storeKinds(server))('requests, webhooks and imports in $name', ({ fresh }) => {
  let under: TestStore;
  beforeEach(async () => {
    under = await fresh();
  });
  afterEach(() => under.remove());

  it('store a sale and its request as one, each once', async () => {
    const sales = new SalesRepository(under.store);
    const live = (day: number) => ({ ...imported(day, null), importId: null });
    const one = { requestId: 'r1', requestHash: 'h1' };
    const tried = [
      sales.insertRequested(live(1), one),
      sales.insertRequested(live(2), one),
      sales.insertRequested(live(1), { requestId: 'r2', requestHash: 'h1' }),
      sales.insertRequested(live(3), { requestId: 'r3', requestHash: 'h1' }),
    ];
    expect(await Promise.all(tried)).toEqual([true, false, false, true]);
    expect((await sales.byRequest('r1'))?.record.id).toBe(idFrom('sal', 1));
    expect([await sales.byRequest('r2'), await sales.untoldCount()]).toEqual([null, 2]);
    await sales.forgetRequest('r1');
    expect(await sales.insertRequested(live(2), one)).toBe(true);
  });

  it('claim a request once and forget it after a day', async () => {
    const requests = new RequestsRepository(under.store);
    const nowMs = Date.UTC(2026, 1, 1);
    const kinds = await Promise.all([1, 2, 3].map(() => requests.claim('k', 'f', nowMs)));
    expect(kinds.map(({ kind }) => kind).sort()).toEqual(['busy', 'busy', 'mine']);
    expect(await Promise.all(['k', 'free', 'k'].map((id) => requests.isFree(id)))).toEqual([
      false,
      true,
      false,
    ]);
    await requests.settle('k', { status: 201, body: '{}' });
    expect((await requests.claim('k', 'f', nowMs)).kind).toBe('answered');
    expect(await requests.deleteExpired(new Date(nowMs + ANSWER_KEPT_MS + 1).toISOString())).toBe(1);
    expect(await requests.isFree('k')).toBe(true);
  });

  it('keep a provider’s event once, and imports that did not end', async () => {
    const webhooks = new WebhookEventsRepository(under.store);
    const event = {
      provider: 'stripe',
      eventId: 'e1',
      type: 't',
      receivedAt: at(1),
      result: 'kept',
    } as const;
    expect([await webhooks.keep(event), await webhooks.keep(event)]).toEqual([true, false]);
    expect([await webhooks.isKnown('stripe', 'e1'), await webhooks.isKnown('square', 'e1')]).toEqual([
      true,
      false,
    ]);
    expect(await webhooks.newest('stripe', 5)).toEqual([event]);
    expect(await webhooks.deleteBefore(at(2))).toBe(1);
    const imports = new ImportsRepository(under.store);
    const record = {
      importId: IMPORT,
      storeId: 'main',
      layout: 'own',
      state: 'importing',
      rows: 1,
      sales: 1,
      stored: 0,
      newCustomers: 0,
      currency: 'EUR',
      from: at(1),
      to: at(1),
      startedAt: at(2),
      finishedAt: null,
      fileHash: 'a'.repeat(64),
    } as const;
    await imports.save(record);
    expect(await imports.unfinished()).toEqual([record]);
    await imports.save({ ...record, state: 'done', stored: 1, finishedAt: at(3) });
    expect(await imports.unfinished()).toEqual([]);
  });
});
