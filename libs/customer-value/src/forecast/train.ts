import { championOf, ENOUGH_DAYS, withoutTrained } from '../back-test/champion.js';
import { forecastsFrom, type OriginForecasts } from '../back-test/origin.js';
import { BOOTSTRAP, reportOf } from '../back-test/report.js';
import { type ClassCentroids, fitClasses } from '../segments/classes.js';
import { dateOfDay } from '../sales/periods.js';
import { fitAmounts, fitBase, knownRows } from './base.js';
import { HORIZON } from './examples.js';
import {
  type Forecaster,
  type ServingModelName,
  TRAINING_OPTIONS,
  type TrainingHooks,
  type TrainingOptions,
} from './forecaster.js';
import { classWindows } from './outcomes.js';
import { fitRanges, type Outcomes } from './ranges.js';
import { withSeason } from './season.js';
import { dayAfter, type PurchaseSeries } from './series.js';
import { storedLstm } from './stored-lstm.js';
import { trainModels, type TrainedModels, type TrainingPart } from './trained.js';

/** Periods known before an origin can be tested: a window for the class, and one for the Markov chain. */
export const FEWEST_OBSERVED = 2 * HORIZON;

/** Trains a forecaster: first the past is repeated from several origins, in which the champion is chosen, then the
 *  champion is trained on everything. For 5,000 customers and two years it takes about a minute of CPU; it belongs
 *  into a worker thread.
 *  @param series of whole periods only
 *  @throws RangeError when nobody bought; the signal's reason when it is aborted */
export async function trainForecaster(
  series: PurchaseSeries,
  options: Partial<TrainingOptions> = {},
  { onProgress, signal }: TrainingHooks = {},
): Promise<Forecaster> {
  const settings = { ...TRAINING_OPTIONS, ...options };
  const rows = knownRows(series, series.count);
  if (rows.length === 0) throw new RangeError('nobody has bought yet');
  const centroids = settings.centroids ?? fittedClasses(series);
  const history = historyDays(series);
  const { places, withTrained } = testedPlaces(series, settings.origins);
  const parts = places.length + 1;
  const tested: OriginForecasts[] = [];
  for (const [index, observed] of places.entries()) {
    const told = (share: number) => onProgress?.((index + share) / parts, 'back-test');
    told(0);
    tested.push(await forecastsFrom({ ...settings, series, observed, centroids, withTrained }, told, signal));
    signal?.throwIfAborted();
  }
  const report =
    tested.length === 0 ? null : reportOf(tested, series.customerIds.length, drawsFor(rows.length));
  const choice = championOf(history, withTrained ? report : null);
  const base = withSeason(fitBase(series), series);
  const told = (share: number) => onProgress?.((places.length + share) / parts, 'training');
  told(0);
  const part = { series, base, centroids, mostCustomers: settings.mostCustomers, seed: settings.seed };
  const trained = await championParts(choice.champion, part, told, signal);
  const { champion, note } = typeof trained === 'string' ? withoutTrained(trained) : choice;
  const { boosted = null, lstms = [] } = trained === null || typeof trained === 'string' ? {} : trained;
  onProgress?.(1, 'done');
  return {
    version: 1,
    champion,
    note,
    trainedUntil: dateOfDay(dayAfter(series, series.count) - 1),
    historyDays: history,
    customers: rows.length,
    periods: { kind: series.periods.kind, perYear: series.periods.perYear },
    firstPeriod: series.first,
    hasSignals: series.signals !== undefined,
    base,
    repeatAmounts: fitAmounts(series, 'repeats'),
    centroids,
    boosted: champion === 'lstm' ? null : boosted,
    lstms: lstms.length === 0 ? null : lstms.map(storedLstm),
    ranges: fitRanges(outcomesOf(tested, champion)),
    backTest: report && { champion, ...report },
  };
}

/** The latest origins whose outcomes are known, oldest first, as periods known at them. */
export function originsBefore(count: number, most: number): number[] {
  const last = count - HORIZON;
  const places = Array.from({ length: Math.max(0, most) }, (_, index) => last - most + 1 + index);
  return places.filter((observed) => observed >= FEWEST_OBSERVED);
}

/** Days from the first purchase to the end of the first `observed` periods. */
export function historyDays(series: PurchaseSeries, observed = series.count): number {
  const first = series.firstDay.reduce((least, day) => Math.min(least, day), Infinity);
  return dayAfter(series, observed) - first;
}

/** Origins to test the models from: those with history enough for trained models where there are any, else the latest
 *  with the models that need less. */
export function testedPlaces(
  series: PurchaseSeries,
  most: number,
): { readonly places: readonly number[]; readonly withTrained: boolean } {
  const all = originsBefore(series.count, most);
  const long = all.filter((observed) => historyDays(series, observed) >= ENOUGH_DAYS);
  return { places: long.length > 0 ? long : all, withTrained: long.length > 0 };
}

/** Classes of the windows of the series. @returns null with fewer than three different windows */
export function fittedClasses(series: PurchaseSeries): ClassCentroids | null {
  const windows = classWindows(series, HORIZON);
  const kinds = new Set(windows.orders.map((orders, index) => `${orders} ${windows.spendMinor[index] ?? 0}`));
  const version = dateOfDay(dayAfter(series, series.count) - 1);
  return kinds.size < 3 ? null : fitClasses(windows, version, HORIZON);
}

/** Fewer draws of the bootstrap for many customers. */
export function drawsFor(customers: number) {
  return { ...BOOTSTRAP, draws: customers > 20_000 ? 60 : BOOTSTRAP.draws };
}

/** What a model forecast in the back-test and what came. */
export function outcomesOf(tested: readonly OriginForecasts[], model: ServingModelName): Outcomes {
  const found = tested.flatMap(({ models, actual }) => {
    const own = models.get(model);
    return own?.churnScore && own.spendMinor
      ? [{ churn: own.churnScore, spend: own.spendMinor, actual }]
      : [];
  });
  return {
    churn: found.flatMap(({ churn }) => [...churn]),
    expectedMinor: found.flatMap(({ spend }) => [...spend]),
    spentMinor: found.flatMap(({ actual }) => [...actual.spendMinor]),
  };
}

/** @returns null where BG/NBD serves; why there are none, where there are too few outcomes to learn from */
async function championParts(
  champion: ServingModelName,
  part: Omit<TrainingPart, 'centroids' | 'withLstm'> & { readonly centroids: ClassCentroids | null },
  told: (share: number) => void,
  signal?: AbortSignal,
): Promise<TrainedModels | string | null> {
  const { centroids } = part;
  if (champion === 'bg-nbd') return null;
  if (centroids === null) return 'fewer than three different windows with a purchase';
  return trainModels({ ...part, centroids, withLstm: champion !== 'boosting' }, told, signal);
}
