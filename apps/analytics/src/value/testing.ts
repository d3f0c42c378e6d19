import { SILENT, type SaleRecorded, type SaleRefunded } from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import {
  BucketsRepository,
  LedgerRepository,
  ValuesRepository,
  type CollectionSpec,
  type DocumentStore,
} from '@regulars/persistence';
import { customerId, Listener } from '../testing.js';
import { makeValue } from './start-value.js';

export const saleId = (name: string) => idFrom('sal', name);
export const refundId = (name: string) => idFrom('ref', name);

export function aSale(name: string, change: Partial<SaleRecorded> = {}): SaleRecorded {
  return {
    saleId: saleId(name),
    storeId: 'main',
    tillId: null,
    customerId: customerId('ada'),
    occurredAt: '2026-03-01T09:00:00.000Z',
    amountMinor: 1_000,
    currency: 'EUR',
    items: null,
    ...change,
  };
}

export function aRefund(name: string, change: Partial<SaleRefunded> = {}): SaleRefunded {
  return {
    refundId: refundId(name),
    saleId: saleId(name),
    storeId: 'main',
    tillId: null,
    customerId: null,
    occurredAt: '2026-03-02T09:00:00.000Z',
    amountMinor: 400,
    currency: 'EUR',
    isVoid: false,
    ...change,
  };
}

export const NOW = Date.parse('2026-04-10T12:00:00.000Z');

/** Customers' worth over a store, with a clock that stands still at `clock.now`. */
export function valueBench(store: DocumentStore, listener = new Listener(), timeZone = 'UTC') {
  const clock = { now: NOW };
  const parts = { store, publisher: listener, telemetry: SILENT, timeZone, clock: () => clock.now };
  return { ...makeValue(parts), listener, clock };
}

/** All that follows from the ledger, without when and how often it was written. */
export async function picture(store: DocumentStore, customers: readonly string[]) {
  const ledger = [];
  for await (const { entry } of entriesOf(store)) ledger.push(entry);
  const buckets = new BucketsRepository(store);
  const values = new ValuesRepository(store);
  const months = [];
  const worth = [];
  for (const id of customers) {
    const filled = (await buckets.of(id)).filter(({ currencies }) => Object.keys(currencies).length > 0);
    months.push(filled);
    const value = (await values.get(id))?.value;
    worth.push(value && { ...value, updatedAt: '', version: 0 });
  }
  return { ledger, months, worth };
}

async function* entriesOf(store: DocumentStore) {
  const ledger = new LedgerRepository(store);
  const { items } = await ledger.list('main', { limit: 1_000 });
  for (const { entryId } of [...items].sort((a, b) => (a.entryId < b.entryId ? -1 : 1))) {
    const stored = await ledger.get(entryId);
    if (stored) yield stored;
  }
}

const WRITES = ['insertOnce', 'put', 'update', 'bulk', 'delete', 'deleteWhere'];

/** The same store until its process is killed: before the write after so many. */
export function killedAfter(store: DocumentStore, writes: number): DocumentStore {
  let left = writes;
  return new Proxy(store, {
    get: (target, name) => {
      if (name !== 'collection') return Reflect.get(target, name, target) as unknown;
      return (spec: CollectionSpec) =>
        new Proxy(target.collection(spec), {
          get: (collection, method) => {
            const call = Reflect.get(collection, method, collection) as unknown;
            if (typeof call !== 'function') return call;
            return (...args: unknown[]) => {
              if (WRITES.includes(String(method)) && left-- <= 0) throw new Error('killed');
              return Reflect.apply(call, collection, args) as unknown;
            };
          },
        });
    },
  });
}

/** The same store, with something else happening wholly before one of the operations.
 *  @param operation which, counted from 0 */
export function disturbedBefore(
  store: DocumentStore,
  operation: number,
  happen: () => Promise<void>,
): DocumentStore {
  let left = operation;
  const before = async () => {
    if (left-- === 0) await happen();
  };
  return new Proxy(store, {
    get: (target, name) => {
      if (name !== 'collection') return Reflect.get(target, name, target) as unknown;
      return (spec: CollectionSpec) =>
        new Proxy(target.collection(spec), {
          get: (collection, method) => {
            const call = Reflect.get(collection, method, collection) as unknown;
            if (typeof call !== 'function') return call;
            if (method === 'each')
              return async function* (...args: unknown[]) {
                await before();
                yield* Reflect.apply(call, collection, args) as AsyncGenerator<unknown>;
              };
            return async (...args: unknown[]) => {
              await before();
              return (await Reflect.apply(call, collection, args)) as unknown;
            };
          },
        });
    },
  });
}
