import { SILENT, VisitEnded, VisitStarted } from '@regulars/contracts';
import {
  CamerasRepository,
  CustomersRepository,
  type DocumentStore,
  Keyring,
  LedgerRepository,
  SaleLinksRepository,
} from '@regulars/persistence';
import { makeAnalytics } from '../start.js';
import { at, customerId, factsOf, Listener, REENTRY_MS, type Pass } from '../testing.js';
import { aSale, saleId, valueBench } from './testing.js';

const KEY = new Uint8Array(32).fill(7);

export type TillShop = Awaited<ReturnType<typeof tillShop>>;

/** For tests: a shop with a camera at its one till, Ada, who agreed to be recognised, and Ben, who did not. */
export async function tillShop(store: DocumentStore) {
  const camera = {
    cameraId: 'till-cam',
    storeId: 'main',
    name: 'Till',
    source: '0',
    mode: 'members',
  } as const;
  const rest = { fps: 5, maxWidthPx: 640, stallMs: 10_000, tillId: 'till-1' };
  await new CamerasRepository(store, new Keyring(store, KEY)).add({ ...camera, ...rest }, at('08:00'));
  const customers = new CustomersRepository(store);
  const consent = { textVersion: '1', givenAt: at('08:00') };
  await customers.create(customerId('ada'), { displayName: 'Ada', consent }, at('08:00'));
  await customers.create(customerId('ben'), { displayName: 'Ben' }, at('08:00'));
  const environment = { visitReentryMs: REENTRY_MS, storeTimeZone: 'UTC' };
  const listener = new Listener();
  const visits = makeAnalytics({
    store,
    publisher: listener,
    telemetry: SILENT,
    environment,
    clock: () => Date.parse(at('12:00')),
  });
  const value = valueBench(store);
  const told = new Set<string>();
  const pass = async (seen: Pass) => {
    for (const { evidence, happenedAt } of factsOf({ camera: 'till-cam', ...seen }))
      await visits.analytics.take(evidence, happenedAt);
    await visits.sweep();
    for (const { key, payload, eventId } of listener.heard) {
      if (told.has(eventId)) continue;
      told.add(eventId);
      if (key === VisitEnded.key || key === VisitStarted.key)
        await value.worth.onVisit(String(payload['visitId']));
    }
  };
  const sell = (customer: string | null = null) =>
    value.worth.onSale(aSale('x', { customerId: customer, tillId: 'till-1', occurredAt: at('09:01') }));
  const ownerOf = async () => (await new LedgerRepository(store).get(saleId('x')))?.entry.ownerId ?? null;
  const link = async () => (await new SaleLinksRepository(store).get(saleId('x')))?.link ?? null;
  return { ...value, store, pass, sell, ownerOf, link };
}
