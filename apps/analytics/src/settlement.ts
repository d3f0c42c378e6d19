import { TransientError, type Instant, type Visitor } from '@regulars/contracts';
import type { StoredVisit } from '@regulars/persistence';
import type { Announcer, Books } from './announcer.js';
import { isSame, toStore } from './documents.js';
import { earlier, later, plusMs } from './instants.js';
import { Serial } from './serial.js';
import { visitorKeyOf, type Sighting } from './sightings.js';
import type { StoreTimes } from './store-times.js';
import { settleVisits, type Visit, type VisitRule } from './visits.js';

/** Around what a visitor's visits are settled. */
export interface Occasion {
  readonly storeId: string;
  readonly visitor: Visitor;
  readonly from: Instant;
  readonly to: Instant;
  readonly happenedAt: Instant;
  /** The visit that took over a sighting which this visitor lost. */
  readonly movedTo?: string;
}

interface Neighbourhood {
  readonly visits: readonly StoredVisit[];
  readonly sightings: readonly Sighting[];
}

/** Tries before a message is put off: each lost one means that another replica wrote. */
export const MOST_TRIES = 12;
const MOST_WIDENINGS = 50;

export function isConflict(error: unknown): boolean {
  return error instanceof TransientError && error.code === 'REVISION_CONFLICT';
}

/** Brings the stored visits of a visitor in line with the stored sightings. The sightings are the truth; a
 *  visit is computed from them, saved, then told. */
export class Settlement {
  private readonly serial = new Serial();

  constructor(
    private readonly books: Books,
    private readonly announcer: Announcer,
    private readonly times: StoreTimes,
    private readonly rule: VisitRule,
  ) {}

  /** @returns the visitor's visits around the occasion that count
   *  @throws TransientError REVISION_CONFLICT when other replicas always were faster */
  settle(occasion: Occasion): Promise<Visit[]> {
    const { storeId, visitor } = occasion;
    return this.exclusively(storeId, visitorKeyOf(visitor), async () => {
      for (let attempt = 1; ; attempt++) {
        const saved = await this.attempt(occasion);
        if (saved) {
          for (const stored of saved) if (stored.isDue) await this.announcer.announce(stored);
          return saved.map(({ visit }) => visit).filter(({ merged }) => merged === null);
        }
        if (attempt === MOST_TRIES) throw new TransientError('REVISION_CONFLICT', { storeId });
      }
    });
  }

  /** Tells what a process that died had saved but not told. */
  async announceDue({ visit: { visitId, storeId, visitor } }: StoredVisit): Promise<void> {
    await this.exclusively(storeId, visitorKeyOf(visitor), async () => {
      const stored = await this.books.visits.get(visitId);
      if (stored?.isDue) await this.announcer.announce(stored);
    });
  }

  /** Work on a visitor's visits, one after the other in this process. */
  exclusively<T>(storeId: string, visitorKey: string, work: () => Promise<T>): Promise<T> {
    return this.serial.run(`${storeId}/${visitorKey}`, work);
  }

  /** @returns all visits near the occasion as they are now, or null when another replica wrote as well */
  private async attempt(occasion: Occasion): Promise<StoredVisit[] | null> {
    const { storeId, visitor } = occasion;
    const { visitors } = this.books;
    const key = visitorKeyOf(visitor);
    const revision = await visitors.revisionOf(storeId, key);
    const near = await this.near(occasion, key);
    const storeTime = this.times.now(storeId);
    const settling = { ...occasion, storeTime, rule: this.rule };
    const known = near.visits.map(({ visit }) => visit);
    const settled = settleVisits(known, near.sightings, settling);
    const before = new Map(near.visits.map((stored) => [stored.visit.visitId, stored]));
    const isChanged = (visit: Visit) => !isSame(before.get(visit.visitId)?.visit, visit);
    if (!settled.some(isChanged)) return [...near.visits];
    if (!(await visitors.raise(storeId, key, revision))) return null;
    const saved = await this.save(settled.filter(isChanged), before);
    // Somebody who read before these visits were written may have opened one for the same stay.
    if (!saved || (await visitors.revisionOf(storeId, key)) !== revision + 1) return null;
    return [
      ...saved,
      ...near.visits.filter(({ visit }) => saved.every((s) => s.visit.visitId !== visit.visitId)),
    ];
  }

  private async save(
    visits: readonly Visit[],
    before: ReadonlyMap<string, StoredVisit>,
  ): Promise<StoredVisit[] | null> {
    const saved: StoredVisit[] = [];
    try {
      for (const visit of visits) {
        const known = before.get(visit.visitId);
        saved.push(await this.books.visits.save(toStore(visit, known), known?.revision ?? null));
      }
      return saved;
    } catch (error) {
      if (isConflict(error)) return null;
      throw error;
    }
  }

  /** Widens the range of the occasion until it holds whatever touches it, with the re-entry window on both
   *  sides: whole visits and the gaps around them. */
  private async near({ storeId, from, to }: Occasion, key: string): Promise<Neighbourhood> {
    const { reentryMs } = this.rule;
    let range = { from, to };
    for (let round = 0; round < MOST_WIDENINGS; round++) {
      const time = { from: plusMs(range.from, -reentryMs), to: plusMs(range.to, reentryMs) };
      const visits = await this.books.visits.ofVisitor(storeId, key, time);
      const stored = await this.books.sightings.ofVisitor(storeId, key, time);
      const sightings = stored.map(({ sighting }) => sighting);
      const counting = visits.map(({ visit }) => visit).filter(({ merged }) => merged === null);
      const wider = [...counting, ...sightings].reduce(
        (all, { startedAt, lastSeenAt }) => ({
          from: earlier(all.from, startedAt),
          to: later(all.to, lastSeenAt),
        }),
        range,
      );
      if (isSame(wider, range)) return { visits, sightings };
      range = wider;
    }
    throw new TransientError('REVISION_CONFLICT', { storeId, reason: 'the visit keeps growing' });
  }
}
