import { baseForecast, type BaseModel, fitAmounts, fitBase, knownRows } from '../forecast/base.js';
import { examplesAt, HORIZON } from '../forecast/examples.js';
import { blend } from '../forecast/predictions.js';
import { withSeason } from '../forecast/season.js';
import { dayAfter, shortened, type PurchaseSeries } from '../forecast/series.js';
import { baseClasses } from '../forecast/spend-spread.js';
import { ENSEMBLE_WEIGHTS, predictTrained, trainModels } from '../forecast/trained.js';
import { predictBoosted } from '../forecast/boosted.js';
import type { ClassCentroids } from '../segments/classes.js';
import { dateOfDay } from '../sales/periods.js';
import { copied, markov, windowOf } from './baselines.js';
import { CLASSES, forecastOfPredictions, type Actual, type ModelForecast } from './model-forecast.js';

/** All models' forecasts from one point in time, made of nothing that came later, and what then came. */
export interface OriginForecasts {
  /** Last day that was known, e.g. 2011-03-31. */
  readonly origin: string;
  /** Day from which on the outcomes are known. */
  readonly outcomesKnownOn: string;
  /** Customers known by then. */
  readonly rows: readonly number[];
  readonly actual: Actual;
  readonly models: ReadonlyMap<string, ModelForecast>;
  readonly missing: readonly { readonly what: string; readonly why: string }[];
}

export interface OriginTask {
  /** With the periods that came after the origin. */
  readonly series: PurchaseSeries;
  /** Periods known at the origin. */
  readonly observed: number;
  /** Fitted before; null where there are too few windows. */
  readonly centroids: ClassCentroids | null;
  readonly mostCustomers: number;
  readonly seed: number;
  /** Whether trees and networks are trained. */
  readonly withTrained: boolean;
}

/** @throws the signal's reason when it is aborted, RangeError when nobody had bought */
export async function forecastsFrom(
  task: OriginTask,
  told: (share: number) => void = () => undefined,
  signal?: AbortSignal,
): Promise<OriginForecasts> {
  const { series, observed, centroids } = task;
  const train = shortened(series, observed);
  const rows = knownRows(train, observed);
  const base = withSeason(fitBase(train), train);
  const repeats = { ...base, gammaGamma: fitAmounts(train, 'repeats') };
  const models = new Map<string, ModelForecast>();
  const missing: { what: string; why: string }[] = [];
  const add = (name: string, forecast: ModelForecast | null, why: string): void => {
    if (forecast === null) missing.push({ what: name, why });
    else models.set(name, forecast);
  };
  add('persistence', copied(train, rows, observed - HORIZON, centroids), 'shorter than the horizon');
  const yearAgo = observed - train.periods.perYear;
  add('seasonal-naive', copied(train, rows, yearAgo, centroids), 'less than a year of history');
  add('markov', markov(train, rows, centroids), 'no two windows of the horizon follow each other');
  models.set('bg-nbd', baseModelForecast(repeats, train, rows, 'repeats', centroids));
  models.set('bg-nbd-all', baseModelForecast(base, train, rows, 'all', centroids));
  if (!task.withTrained || centroids === null) {
    missing.push({ what: TRAINED, why: centroids === null ? FEW_WINDOWS : SHORT });
  } else {
    const found = await trainedForecasts({ ...task, centroids, series: train }, base, told, signal);
    if (typeof found === 'string') missing.push({ what: TRAINED, why: found });
    else for (const [name, forecast] of found) models.set(name, forecast);
  }
  return {
    origin: dateOfDay(dayAfter(series, observed) - 1),
    outcomesKnownOn: dateOfDay(dayAfter(series, observed + HORIZON) - 1),
    rows,
    actual: actualAfter(series, rows, observed, centroids),
    models,
    missing,
  };
}

const TRAINED = 'boosting, lstm, ensemble';
const FEW_WINDOWS = 'fewer than three different windows with a purchase, so there are no classes';
const SHORT = 'the history is too short for trained models';

function baseModelForecast(
  base: BaseModel,
  series: PurchaseSeries,
  rows: readonly number[],
  kind: 'all' | 'repeats',
  centroids: ClassCentroids | null,
): ModelForecast {
  const classes = centroids && new Float64Array(rows.length * CLASSES);
  const forecasts = rows.map((row, index) => {
    const place = { row, observed: series.count, horizon: HORIZON };
    const forecast = baseForecast(base, series, place, kind);
    if (centroids !== null)
      classes?.set(baseClasses(base, series, place, { forecast, centroids }), index * CLASSES);
    return forecast;
  });
  return {
    churnScore: Float64Array.from(forecasts, ({ churn }) => churn),
    isChance: true,
    spendMinor: Float64Array.from(forecasts, ({ spendMinor }) => spendMinor),
    classes,
  };
}

async function trainedForecasts(
  { series, centroids, mostCustomers, seed }: OriginTask & { readonly centroids: ClassCentroids },
  base: BaseModel,
  told: (share: number) => void,
  signal?: AbortSignal,
): Promise<string | [string, ModelForecast][]> {
  const part = { series, base, centroids, mostCustomers, seed, withLstm: true };
  const trained = await trainModels(part, told, signal);
  if (typeof trained === 'string') return trained;
  const examples = examplesAt(series, base, [series.count], centroids);
  const predictions = await predictTrained(trained, base, series, examples);
  const found = Object.entries(predictions).map(([name, own]): [string, ModelForecast] => [
    name,
    forecastOfPredictions(own),
  ]);
  if (series.signals === undefined) return found;
  // The same without what the cameras saw; the networks do not see it anyway.
  const { signals: _, ...blind } = series;
  const without = await trainModels({ ...part, series: blind, withLstm: false }, undefined, signal);
  if (typeof without === 'string') return found;
  const seen = examplesAt(blind, base, [series.count], centroids);
  const boosting = predictBoosted(without.boosted, seen, base.unitMinor);
  const ensemble = blend([boosting, predictions.lstm], ENSEMBLE_WEIGHTS);
  found.push(['boosting-without-signals', forecastOfPredictions(boosting)]);
  found.push(['ensemble-without-signals', forecastOfPredictions(ensemble)]);
  return found;
}

function actualAfter(
  series: PurchaseSeries,
  rows: readonly number[],
  observed: number,
  centroids: ClassCentroids | null,
): Actual {
  const after = windowOf(series, rows, observed, centroids);
  return {
    churn: after.orders.map((orders) => (orders > 0 ? 0 : 1)),
    spendMinor: after.spendMinor,
    classIndex: after.classIndex,
    classBefore: windowOf(series, rows, observed - HORIZON, centroids).classIndex,
  };
}
