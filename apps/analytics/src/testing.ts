import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  SILENT,
  type EventDefinition,
  type Instant,
  type PayloadOf,
  type SightingEnded,
  type SightingIdentified,
  type SightingStarted,
} from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import type { Publisher } from '@regulars/messaging';
import {
  AttendanceRepository,
  SqliteStore,
  VisitsRepository,
  type CollectionSpec,
  type DocumentStore,
} from '@regulars/persistence';
import { endOf, identificationOf, startOf, type Sighting } from './sightings.js';
import { makeAnalytics } from './start.js';
import type { Visit } from './visits.js';

export const REENTRY_MS = 600_000;
export const RULE = { reentryMs: REENTRY_MS, timeZone: 'UTC' };

export const sightingId = (name: string) => idFrom('sgt', name);
export const customerId = (name: string) => idFrom('cus', name);

/** `09:00` or `09:00:05` on the day of the tests, or a whole instant. */
export function at(time: string): Instant {
  return time.includes('T') ? time : `2026-03-01T${time.length === 5 ? `${time}:00` : time}.000Z`;
}

export interface Pass {
  readonly sighting: string;
  /** Nobody: a stranger. */
  readonly customer?: string | undefined;
  readonly camera?: string;
  readonly from: string;
  readonly to: string;
  /** When it was decided; at the start when absent. */
  readonly decided?: string;
}

export interface PassEvents {
  readonly started: SightingStarted;
  readonly identified: SightingIdentified;
  readonly ended: SightingEnded;
}

/** The three events of one pass before a camera. */
export function eventsOf({
  sighting,
  customer,
  camera = 'entrance',
  from,
  to,
  decided = from,
}: Pass): PassEvents {
  const pass = { sightingId: sightingId(sighting), cameraId: camera, storeId: 'main', startedAt: at(from) };
  const model = 'face-recognition-resnet';
  const identity = customer
    ? {
        kind: 'identified' as const,
        customerId: customerId(customer),
        distance: 0.41,
        margin: 0.22,
        votes: 3,
        model,
      }
    : { kind: 'stranger' as const, votes: 3, model };
  return {
    started: pass,
    identified: { ...pass, identifiedAt: at(decided), identity },
    ended: { ...pass, endedAt: at(to), identity, framesSeen: 12, mode: 'members' },
  };
}

/** One fact that a pass makes known, with when it happened. */
export interface Fact {
  readonly evidence: Sighting;
  readonly happenedAt: Instant;
}

export function factsOf(pass: Pass): Fact[] {
  const { started, identified, ended } = eventsOf(pass);
  return [
    { evidence: startOf(started), happenedAt: started.startedAt },
    { evidence: identificationOf(identified), happenedAt: identified.identifiedAt },
    { evidence: endOf(ended), happenedAt: ended.endedAt },
  ];
}

export interface Heard {
  readonly key: string;
  readonly eventId: string;
  readonly payload: PayloadOf<EventDefinition>;
}

/** Remembers what was published; may be told to fail, as one does whose process dies. */
export class Listener implements Publisher {
  readonly heard: Heard[] = [];
  failures = 0;

  async publish<E extends EventDefinition>(
    event: E,
    payload: PayloadOf<E>,
    { eventId = 'none' }: { eventId?: string } = {},
  ): Promise<void> {
    if (this.failures > 0) {
      this.failures--;
      throw new Error('killed before publishing');
    }
    this.heard.push({ key: event.key, eventId, payload: event.schema.parse(payload) });
  }

  publishNewest(): boolean {
    throw new Error('analytics publishes no such thing');
  }

  /** Events as a consumer that remembers ids counts them. */
  once(key: string): Heard[] {
    const byId = new Map(
      this.heard.filter((event) => event.key === key).map((event) => [event.eventId, event]),
    );
    return [...byId.values()];
  }
}

export async function withStore<T>(work: (store: DocumentStore) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'regulars-analytics-'));
  const store = new SqliteStore(folder);
  try {
    await store.open();
    return await work(store);
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same store as a slow network shows it: every answer takes a number of turns of its own, so that work
 *  of several replicas interleaves in ways that a store in the process never shows.
 *  @param turns how many before the next operation */
export function slowed(store: DocumentStore, turns: () => number): DocumentStore {
  const wait = async () => {
    for (let left = turns(); left > 0; left--) await new Promise(setImmediate);
  };
  return new Proxy(store, {
    get: (target, name) => {
      if (name !== 'collection') return Reflect.get(target, name, target) as unknown;
      return (spec: CollectionSpec) =>
        new Proxy(target.collection(spec), {
          get: (collection, method) => {
            const call = Reflect.get(collection, method, collection) as unknown;
            if (typeof call !== 'function' || method === 'each') {
              return typeof call === 'function' ? (call.bind(collection) as unknown) : call;
            }
            return async (...args: unknown[]) => {
              await wait();
              const answer = (await Reflect.apply(call, collection, args)) as unknown;
              await wait();
              return answer;
            };
          },
        });
    },
  });
}

/** Analytics over a store, with a clock that stands still at `clock.now`. */
export function makeBench(store: DocumentStore, listener = new Listener(), timeZone = 'UTC') {
  const clock = { now: Date.parse('2026-04-01T00:00:00.000Z') };
  const parts = makeAnalytics({
    store,
    publisher: listener,
    telemetry: SILENT,
    environment: { visitReentryMs: REENTRY_MS, storeTimeZone: timeZone },
    clock: () => clock.now,
  });
  const visits = new VisitsRepository(store);
  return {
    ...parts,
    listener,
    clock,
    take: ({ evidence, happenedAt }: Fact) => parts.analytics.take(evidence, happenedAt),
    /** Visits that count, in order of time. */
    async counting(): Promise<Visit[]> {
      const { items } = await visits.list({ limit: 200 });
      return items.map(({ visit }) => visit).sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
    },
  };
}

export async function takeAll(bench: ReturnType<typeof makeBench>, ...passes: Pass[]): Promise<void> {
  for (const pass of passes) for (const fact of factsOf(pass)) await bench.take(fact);
}

export const ADA: Pass = { sighting: 'a', customer: 'ada', from: '09:00', to: '09:05' };

/** What a test looks at of a visit. */
export const shape = ({ visitor, startedAt, lastSeenAt, endedAt, sightings, cameraIds }: Visit) => ({
  who: visitor.kind === 'customer' ? visitor.customerId : 'stranger',
  startedAt,
  lastSeenAt,
  endedAt,
  sightings,
  cameraIds,
});

export const attendance = async (store: DocumentStore) =>
  (await new AttendanceRepository(store).list({ limit: 100 })).items.map(
    ({ day, customerId: who, firstSeenAt }) => ({
      day,
      who,
      firstSeenAt,
    }),
  );
