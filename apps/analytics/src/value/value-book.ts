import { SegmentChanged, type Telemetry, type ValueSummary } from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import type { Publisher } from '@regulars/messaging';
import type { Segmentation, ValueModels } from '@regulars/persistence';
import { isSame } from '../documents.js';
import { persist } from '../persist.js';
import type { Shelves } from './shelves.js';
import { summaryOf, valueOf, type Today } from './values.js';

/** How long a segmentation that was read is used before it is read again. */
const FRESH_MS = 5_000;

/** Segmentation in use, read at most every few seconds. */
export class CurrentSegmentation {
  private known: { segmentation: Segmentation | null; readAtMs: number } | null = null;

  constructor(
    private readonly models: ValueModels,
    private readonly clock: () => number,
  ) {}

  async get(): Promise<Segmentation | null> {
    const nowMs = this.clock();
    if (this.known === null || Math.abs(nowMs - this.known.readAtMs) > FRESH_MS)
      this.known = { segmentation: await this.models.segmentation(), readAtMs: nowMs };
    return this.known.segmentation;
  }

  forget(): void {
    this.known = null;
  }
}

/** Brings customers' values in line with their months and tells of new segments. */
export class ValueBook {
  constructor(
    private readonly shelves: Shelves,
    private readonly publisher: Publisher,
    private readonly telemetry: Telemetry,
    private readonly current: CurrentSegmentation,
  ) {}

  /** May be repeated: what it writes follows from the months alone.
   *  @returns null when nothing of the customer's purchases is left
   *  @throws TransientError REVISION_CONFLICT when other replicas always were faster */
  refresh(customerId: string, today: Today): Promise<ValueSummary | null> {
    return persist(customerId, async () => {
      const { buckets, values } = this.shelves;
      const stored = await values.get(customerId);
      const months = await buckets.of(customerId);
      const value = valueOf(customerId, months, await this.current.get(), today);
      if (value === null) {
        if (stored) await values.remove(customerId);
        return null;
      }
      const known = value && stored && { ...stored.value, updatedAt: today.at, version: value.version };
      if (!isSame(known, value)) await values.save(value, stored?.revision ?? null);
      const from = stored?.value.segment ?? null;
      if (from !== value.segment) await this.tellSegment(customerId, from, value.segment, today);
      return summaryOf(value, Math.max(today.day, value.lastDay));
    });
  }

  async tellSegment(
    customerId: string,
    from: SegmentChanged['from'],
    to: SegmentChanged['to'],
    { at, day }: Today,
  ): Promise<void> {
    this.telemetry.meter.count('regulars_segment_changes_total', { segment: to });
    const eventId = idFrom('evt', customerId, 'segment', from ?? '', to, day);
    await this.publisher.publish(SegmentChanged, { customerId, from, to, changedAt: at }, { eventId });
  }
}
