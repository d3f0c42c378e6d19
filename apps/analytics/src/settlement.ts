import {
  continuesVisit,
  longestReentryMs,
  TransientError,
  visitorKeyOf,
  type BlindTime,
  type Instant,
  type Visitor,
} from '@regulars/contracts';
import type { StoredVisit } from '@regulars/persistence';
import type { Announcer, Books } from './announcer.js';
import { blindIn } from './camera-book.js';
import { isSame, toStore } from './documents.js';
import { earlier, later, plusMs } from './instants.js';
import { persist } from './persist.js';
import { Serial } from './serial.js';
import type { Sighting } from './sightings.js';
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
  readonly blind: readonly BlindTime[];
}

const MOST_WIDENINGS = 50;

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
    const key = visitorKeyOf(visitor);
    return this.exclusively(storeId, key, async () => {
      const saved = await persist(`${storeId}/${key}`, () => this.attempt(occasion, key));
      for (const stored of saved) if (stored.isDue) await this.announcer.announce(stored);
      return saved.map(({ visit }) => visit).filter(({ merged }) => merged === null);
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

  /** @returns all visits near the occasion as they are now
   *  @throws TransientError REVISION_CONFLICT when another replica wrote as well */
  private async attempt(occasion: Occasion, key: string): Promise<StoredVisit[]> {
    const { storeId } = occasion;
    const { visitors } = this.books;
    const revision = await visitors.revisionOf(storeId, key);
    const near = await this.near(occasion, key);
    const known = near.visits.map(({ visit }) => visit);
    const storeTime = this.times.now(storeId);
    const { blind } = near;
    const settled = settleVisits(known, near.sightings, { ...occasion, storeTime, blind, rule: this.rule });
    const before = new Map(near.visits.map((stored) => [stored.visit.visitId, stored]));
    const changed = settled.filter((visit) => !isSame(before.get(visit.visitId)?.visit, visit));
    if (changed.length === 0) return [...near.visits];
    const conflict = new TransientError('REVISION_CONFLICT', { storeId });
    if (!(await visitors.raise(storeId, key, revision))) throw conflict;
    const after = new Map(before);
    for (const visit of changed) {
      const stored = before.get(visit.visitId);
      after.set(
        visit.visitId,
        await this.books.visits.save(toStore(visit, stored), stored?.revision ?? null),
      );
    }
    // Somebody who read before these visits were written may have opened one for the same stay.
    if ((await visitors.revisionOf(storeId, key)) !== revision + 1) throw conflict;
    return [...after.values()];
  }

  /** Widens the range of the occasion until it holds whatever touches it or is continued by it: whole visits, and
   *  the gaps around them. */
  private async near({ storeId, from, to }: Occasion, key: string): Promise<Neighbourhood> {
    const { reentryMs } = this.rule;
    const longestMs = longestReentryMs(reentryMs);
    let range: Span = { startedAt: from, lastSeenAt: to };
    for (let round = 0; round < MOST_WIDENINGS; round++) {
      const time = { from: plusMs(range.startedAt, -longestMs), to: plusMs(range.lastSeenAt, longestMs) };
      const visits = await this.books.visits.ofVisitor(storeId, key, time);
      const stored = await this.books.sightings.ofVisitor(storeId, key, time);
      const blind = await blindIn(this.books.cameraChanges, storeId, time);
      const sightings = stored.map(({ sighting }) => sighting);
      const counting = visits.map(({ visit }) => visit).filter(({ merged }) => merged === null);
      const wider = widened(range, [...counting, ...sightings], reentryMs, blind);
      if (isSame(wider, range)) {
        const isIn = (span: Span) => isWithin(span, range);
        const known = visits.filter(({ visit }) => visit.merged !== null || isIn(visit));
        return { visits: known, sightings: sightings.filter(isIn), blind };
      }
      range = wider;
    }
    throw new TransientError('REVISION_CONFLICT', { storeId, reason: 'the visit keeps growing' });
  }
}

type Span = Pick<Visit, 'startedAt' | 'lastSeenAt'>;

function isWithin(span: Span, range: Span): boolean {
  return range.startedAt <= span.startedAt && span.lastSeenAt <= range.lastSeenAt;
}

/** The range with those of the spans that touch it, continue it, or are continued by it. */
function widened(range: Span, spans: readonly Span[], reentryMs: number, blind: readonly BlindTime[]): Span {
  return spans.reduce((all, span) => {
    const isApart =
      !continuesVisit(span.lastSeenAt, all.startedAt, reentryMs, blind) ||
      !continuesVisit(all.lastSeenAt, span.startedAt, reentryMs, blind);
    if (isApart) return all;
    const { startedAt, lastSeenAt } = span;
    return { startedAt: earlier(all.startedAt, startedAt), lastSeenAt: later(all.lastSeenAt, lastSeenAt) };
  }, range);
}
