import {
  netMinorOf,
  seriesOf,
  type Forecaster,
  type PeriodBucket,
  type Periods,
  type PurchaseSeries,
} from '@regulars/customer-value';
import type { BucketsRepository, CustomerValue, Segmentation, VisitsRepository } from '@regulars/persistence';
import { periodBucketsOf } from './buckets.js';
import { forecastOf, type ServingModel } from './forecasts.js';
import { VisitMonths } from './signals.js';
import { trainedPartOf, type TrainedPart } from './trained-part.js';
import { TrainingThread } from './training-thread.js';
import type { SeriesColumns } from './training-worker.js';
import { centroidsOf, type Today } from './values.js';

export interface TrainingShelves {
  readonly buckets: Pick<BucketsRepository, 'ofMany'>;
  readonly visits: Pick<VisitsRepository, 'list'>;
}

/** Customers that are trained on; the forecaster takes no more. */
const MOST_TRAINED = 20_000;
/** Whole months of history without which nothing can be trained or tested. */
const FEWEST_MONTHS = 2;
const READ_AT_ONCE = 500;

/** Who is trained on, and when their history begins. */
export interface TrainingTask {
  /** Customers who mostly pay in `currency`, evenly spread over all of them. */
  readonly customerIds: readonly string[];
  readonly currency: string;
  readonly firstPeriod: number;
}

/** A trained forecaster, whose thread is still open: it makes the forecasts. */
export class Training {
  private constructor(
    readonly forecaster: Forecaster,
    private readonly thread: TrainingThread,
    private readonly shelves: TrainingShelves,
    private readonly task: TrainingTask,
    private readonly span: { readonly count: number; readonly endDay: number; readonly months: Periods },
    private readonly visits: VisitMonths,
  ) {}

  /** Trains on the whole months before today.
   *  @param progress told 0 to 1
   *  @returns null with too little history to train anything
   *  @throws the signal's reason; whatever the thread threw */
  static async run(
    shelves: TrainingShelves,
    task: TrainingTask,
    { today, months }: { readonly today: Today; readonly months: Periods },
    { progress, signal }: { readonly progress: (share: number) => void; readonly signal: AbortSignal },
  ): Promise<Training | null> {
    const count = today.period - task.firstPeriod;
    if (count < FEWEST_MONTHS || task.customerIds.length === 0) return null;
    const span = { count, endDay: months.startOf(today.period), months };
    const visits = await VisitMonths.read(shelves.visits, months, signal);
    const every = Math.ceil(task.customerIds.length / MOST_TRAINED);
    const some = task.customerIds.filter((_, index) => index % every === 0);
    const buckets = await readBuckets(shelves, some, task.currency, signal);
    const series = columnsOf(buckets, task.firstPeriod, span, visits);
    if (series.customerIds.length === 0) return null;
    const thread = new TrainingThread(signal);
    try {
      const forecaster = await thread.train(series, progress);
      return new Training(forecaster, thread, shelves, task, span, visits);
    } catch (error) {
      await thread.close();
      throw error;
    }
  }

  /** What money in the back-test is told in, in minor units. */
  get currency(): string {
    return this.task.currency;
  }

  /** What the forecaster finds of these customers; of those without a purchase in its months, or in another currency,
   *  nothing. */
  async partsOf(
    values: readonly CustomerValue[],
    model: ServingModel,
    segmentation: Segmentation | null,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, TrainedPart>> {
    const own = values.filter(({ currency }) => currency === this.task.currency);
    const ids = own.map(({ customerId }) => customerId);
    const buckets = await readBuckets(this.shelves, ids, this.task.currency, signal);
    const series = columnsOf(buckets, this.task.firstPeriod, this.span, this.visits);
    if (series.customerIds.length === 0) return new Map();
    const found = await this.thread.forecast(series);
    const known = new Map(own.map((value) => [value.customerId, value]));
    const centroids = centroidsOf(segmentation, this.task.currency);
    return new Map(
      found.flatMap((forecast) => {
        const value = known.get(forecast.customerId);
        const then = value && valueAt(value, buckets.get(value.customerId) ?? [], this.span);
        if (!then) return [];
        const base = forecastOf(then, model, centroids, this.span.endDay);
        return [[value.customerId, trainedPartOf(forecast, base)] as const];
      }),
    );
  }

  close(): Promise<void> {
    return this.thread.close();
  }
}

async function readBuckets(
  { buckets }: Pick<TrainingShelves, 'buckets'>,
  customerIds: readonly string[],
  currency: string,
  signal: AbortSignal,
): Promise<Map<string, PeriodBucket[]>> {
  const found = new Map<string, PeriodBucket[]>();
  for (let from = 0; from < customerIds.length; from += READ_AT_ONCE) {
    signal.throwIfAborted();
    const read = await buckets.ofMany(customerIds.slice(from, from + READ_AT_ONCE));
    for (const [customerId, own] of read) found.set(customerId, periodBucketsOf(own, currency));
  }
  return found;
}

function columnsOf(
  buckets: ReadonlyMap<string, readonly PeriodBucket[]>,
  firstPeriod: number,
  { count, months }: { readonly count: number; readonly months: Periods },
  visits: VisitMonths,
): SeriesColumns {
  const series: PurchaseSeries = seriesOf(buckets, months, firstPeriod, count);
  const { periods: _, ...columns } = series;
  return visits.isEmpty ? columns : { ...columns, signals: visits.columnsFor(columns) };
}

/** The customer's value at the end of the series' months. @returns null for who had not bought by then */
function valueAt(
  value: CustomerValue,
  buckets: readonly PeriodBucket[],
  { endDay, months }: { readonly endDay: number; readonly months: Periods },
): CustomerValue | null {
  const end = months.indexOf(endDay);
  const before = buckets.filter(({ period, orders }) => period < end && orders > 0);
  const [firstDay, lastDay] = [
    Math.min(...before.map((bucket) => bucket.firstDay ?? Infinity)),
    Math.max(...before.map((bucket) => bucket.lastDay ?? -Infinity)),
  ];
  if (!Number.isFinite(firstDay)) return null;
  return {
    ...value,
    firstDay,
    lastDay,
    orders: before.reduce((sum, { orders }) => sum + orders, 0),
    days: before.reduce((sum, { days }) => sum + days, 0),
    netMinor: before.reduce((sum, bucket) => sum + netMinorOf(bucket), 0),
  };
}
