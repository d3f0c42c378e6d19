import type { Telemetry } from '@regulars/contracts';
import type { Publisher } from '@regulars/messaging';
import type {
  AttendanceRepository,
  CameraChangesRepository,
  CustomersRepository,
  SightingsRepository,
  StoredVisit,
  VisitorsRepository,
  VisitsRepository,
} from '@regulars/persistence';
import { announcedOf, dueAnnouncements } from './announcements.js';
import { boundsOfDay } from './attendance.js';
import { countedAtOf, daysOf, isSame } from './documents.js';
import { earlier } from './instants.js';
import { isConflict } from './persist.js';

/** The repositories that visits are kept in. */
export interface Books {
  readonly sightings: SightingsRepository;
  readonly visits: VisitsRepository;
  readonly visitors: VisitorsRepository;
  readonly attendance: AttendanceRepository;
  readonly customers: CustomersRepository;
  readonly cameraChanges: CameraChangesRepository;
}

/** Rounds in which the figures of a customer are computed anew while visits come in from several sides. */
const COUNTING_ROUNDS = 5;

/** Tells of saved visits: publishes, enters attendance, counts for the customer, and only then notes with the
 *  visit that it is done. All of it may be repeated: events have ids that follow from what they say, the rest is
 *  computed from what is stored. */
export class Announcer {
  constructor(
    private readonly books: Books,
    private readonly publisher: Publisher,
    private readonly timeZone: string,
    private readonly telemetry: Telemetry,
  ) {}

  async announce(stored: StoredVisit): Promise<void> {
    const { visit, announced } = stored;
    for (const { event, payload, eventId } of dueAnnouncements(visit, announced)) {
      await this.publisher.publish(event, payload, { eventId });
    }
    await this.enterDays(stored);
    if (announced.countedAt !== countedAtOf(visit)) await this.count(stored);
    await this.note(stored);
    await this.measure(stored);
  }

  /** Whoever wrote the visit in between tells it once more, under the same ids. */
  private async note({ visit, announced, revision }: StoredVisit): Promise<void> {
    const done = {
      ...announcedOf(visit, announced),
      days: daysOf(visit),
      countedAt: countedAtOf(visit),
    };
    try {
      await this.books.visits.save({ visit, announced: done, isDue: false }, revision);
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }

  private async enterDays({ visit, announced }: StoredVisit): Promise<void> {
    const { visitor, storeId } = visit;
    if (visitor.kind !== 'customer') return;
    const days = daysOf(visit);
    const { customerId } = visitor;
    for (const { day, firstSeenAt } of days) {
      await this.books.attendance.record({ storeId, customerId, day, firstSeenAt });
    }
    const moved = announced.days.filter(({ day, firstSeenAt }) =>
      days.every((now) => now.day !== day || now.firstSeenAt > firstSeenAt),
    );
    for (const { day } of moved) await this.reconsider(storeId, customerId, day);
  }

  /** A visit no longer speaks for a day, or for a later time of it: other sightings may. */
  private async reconsider(storeId: string, customerId: string, day: string): Promise<void> {
    await this.books.attendance.remove({ storeId, customerId, day });
    const { from, to } = boundsOfDay(day, this.timeZone);
    const seen = await this.books.sightings.ofVisitor(storeId, customerId, { from, to });
    const starts = seen
      .map(({ sighting }) => sighting.startedAt)
      .filter((startedAt) => startedAt >= from && startedAt < to);
    if (starts.length === 0) return;
    const firstSeenAt = starts.reduce(earlier);
    await this.books.attendance.record({ storeId, customerId, day, firstSeenAt });
  }

  /** Counts all visits of the customer and looks again after writing, so that of two replicas the later one
   *  finds what the other wrote. */
  private async count({ visit: { visitor } }: StoredVisit): Promise<void> {
    if (visitor.kind !== 'customer') return;
    let written: unknown = null;
    for (let round = 0; round < COUNTING_ROUNDS; round++) {
      const figures = await this.books.visits.figuresOf(visitor.customerId);
      if (isSame(figures, written)) return;
      await this.books.customers.recordVisits(visitor.customerId, figures);
      written = figures;
    }
  }

  private async measure({ visit, announced }: StoredVisit): Promise<void> {
    const { storeId: store, visitor, merged, endedAt } = visit;
    const isNew = !merged && !announced.started;
    if (isNew) this.telemetry.meter.count('regulars_visits_total', { store, visitor: visitor.kind });
    if (isNew || merged || endedAt) await this.measureOpen(store);
  }

  /** Notes how many visits are open in a store, whoever opened them. */
  async measureOpen(store: string): Promise<void> {
    const open = await this.books.visits.countOpen(store);
    this.telemetry.meter.set('regulars_visits_open', open, { store });
  }
}
