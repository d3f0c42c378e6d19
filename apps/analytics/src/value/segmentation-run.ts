import { setImmediate } from 'node:timers/promises';
import { SegmentName, type Telemetry } from '@regulars/contracts';
import type { Periods } from '@regulars/customer-value';
import type { CustomerValue, Segmentation, StoredValue, ValueModels } from '@regulars/persistence';
import { isSame } from '../documents.js';
import { Census } from './segmentation.js';
import { todayAt, type Shelves } from './shelves.js';
import type { CurrentSegmentation, ValueBook } from './value-book.js';
import { valueOf, type Today } from './values.js';

const VALUES_AT_ONCE = 500;
/** Customers of one run whose new segment is told by an event; the page of segments has all of them. */
const MOST_TOLD = 1_000;
/** After sales the segmentation is made anew, but at most this often, and never so that it takes more than a
 *  twentieth of the time. */
const PAUSE_MS = 60_000;
const PAUSE_TIMES = 20;

interface Changed {
  readonly stored: StoredValue;
  readonly value: CustomerValue;
}

export interface SegmentationParts {
  readonly shelves: Shelves;
  readonly models: ValueModels;
  readonly book: ValueBook;
  readonly current: CurrentSegmentation;
}

/** Compares all customers: takes the cuts of the scores, fits the classes where they are not yet, counts the
 *  cohorts, and brings all values in line. */
export class SegmentationRun {
  private isWanted = true;
  private notBeforeMs = 0;
  private running: Promise<Segmentation> | null = null;

  constructor(
    private readonly parts: SegmentationParts,
    private readonly months: Periods,
    private readonly clock: () => number,
    private readonly telemetry: Telemetry,
  ) {}

  /** Something was counted: compare again when there is time. */
  want(): void {
    this.isWanted = true;
  }

  /** Runs when it is wanted and time. */
  async sweep(): Promise<void> {
    if (!this.isWanted || this.clock() < this.notBeforeMs) return;
    await this.run();
  }

  /** Two callers at once share one run. */
  run(): Promise<Segmentation> {
    this.running ??= this.runNow().finally(() => (this.running = null));
    return this.running;
  }

  private async runNow(): Promise<Segmentation> {
    const { shelves, models, current } = this.parts;
    this.isWanted = false;
    const startedMs = performance.now();
    const today = todayAt(this.clock(), this.months);
    const census = new Census(today);
    for await (const { buckets } of shelves.buckets.byCustomer()) census.add(buckets);
    const before = await models.segmentation();
    const made = { ...census.segmentation(before, today.at), seconds: 0 };
    await models.setCohorts(census.cohortsView());
    const spend = await this.rewrite(made, today);
    const seconds = (performance.now() - startedMs) / 1_000;
    const segmentation = { ...made, spend: spend.items(), seconds };
    await models.setSegmentation(segmentation);
    current.forget();
    this.notBeforeMs = this.clock() + Math.max(PAUSE_MS, PAUSE_TIMES * seconds * 1_000);
    await this.measure(seconds);
    return segmentation;
  }

  private async rewrite(segmentation: Segmentation, today: Today): Promise<SegmentSpend> {
    const { shelves, book } = this.parts;
    const spend = new SegmentSpend();
    let told = 0;
    let batch: CustomerValue[] = [];
    const write = async () => {
      const changed = await this.changedOf(batch);
      batch = [];
      await this.writeSome(changed);
      for (const { stored, value } of changed) {
        if (stored.value.segment === value.segment || told >= MOST_TOLD) continue;
        told += 1;
        await book.tellSegment(value.customerId, stored.value.segment, value.segment, today);
      }
      await setImmediate();
    };
    for await (const { customerId, buckets } of shelves.buckets.byCustomer()) {
      const value = valueOf(customerId, buckets, segmentation, today);
      if (value === null) continue;
      spend.add(value);
      batch.push(value);
      if (batch.length === VALUES_AT_ONCE) await write();
    }
    await write();
    return spend;
  }

  private async changedOf(values: readonly CustomerValue[]): Promise<Changed[]> {
    const known = await this.parts.shelves.values.getMany(values.map(({ customerId }) => customerId));
    return values.flatMap((value) => {
      const stored = known.get(value.customerId) ?? newcomer(value);
      const { updatedAt, version } = value;
      const isOld = stored.revision > 0 && isSame({ ...stored.value, updatedAt, version }, value);
      return isOld ? [] : [{ stored, value }];
    });
  }

  /** A sale that is counted at the same time may be written over: then that customer's value is made anew. */
  private async writeSome(changed: readonly Changed[]): Promise<void> {
    const { shelves, book } = this.parts;
    const customerIds = changed.map(({ value }) => value.customerId);
    const now = await shelves.values.getMany(customerIds);
    const fit = changed.filter(({ stored, value }) => {
      return (now.get(value.customerId)?.revision ?? 0) === stored.revision;
    });
    await shelves.values.putMany(fit.map(({ stored: { revision }, value }) => ({ value, revision })));
    const today = todayAt(this.clock(), this.months);
    const months = await shelves.buckets.ofMany(customerIds);
    for (const { value } of changed) {
      const orders = (months.get(value.customerId) ?? []).reduce((sum, month) => sum + month.orders, 0);
      if (orders !== value.orders) await book.refresh(value.customerId, today);
    }
  }

  private async measure(seconds: number): Promise<void> {
    const { meter } = this.telemetry;
    meter.observe('regulars_value_run_seconds', seconds, { kind: 'segments' });
    for (const segment of SegmentName.options) {
      const customers = await this.parts.shelves.values.countOfSegment(segment);
      meter.set('regulars_segment_customers', customers, { segment });
    }
  }
}

/** What the customers of each segment spent so far, by currency. */
class SegmentSpend {
  private readonly sums = new Map<string, { segment: SegmentName; currency: string; spendMinor: number }>();

  add({ segment, currency, netMinor }: CustomerValue): void {
    const key = `${segment} ${currency}`;
    const sum = this.sums.get(key) ?? { segment, currency, spendMinor: 0 };
    sum.spendMinor += netMinor;
    this.sums.set(key, sum);
  }

  items() {
    return [...this.sums.values()];
  }
}

function newcomer(value: CustomerValue): StoredValue {
  return { value, revision: 0 };
}
