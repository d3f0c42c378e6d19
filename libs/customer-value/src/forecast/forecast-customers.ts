import { CUSTOMER_CLASSES, type CustomerClass } from '../segments/classes.js';
import { dateOfDay } from '../sales/periods.js';
import { baseForecast, type BaseModel, historyOf, knownRows, seasonalDays } from './base.js';
import { predictBoosted } from './boosted.js';
import { addCorrections, correctionsOf, type Shares } from './corrections.js';
import { churnOf, type Examples, examplesAt, HORIZON } from './examples.js';
import { featuresOf } from './features.js';
import type { Forecaster, ForecastOfCustomer, ServingModelName } from './forecaster.js';
import { daysToPurchase } from './next-purchase.js';
import { baseMoves, logUnits, type Moves } from './parts.js';
import { blend, classChances, type Predictions, safeLogit } from './predictions.js';
import { rangeOf } from './ranges.js';
import { predictRecurrent } from './recurrent.js';
import { dayAfter, type PurchaseSeries } from './series.js';
import { baseClasses } from './spend-spread.js';
import { openedLstm } from './stored-lstm.js';
import { ENSEMBLE_WEIGHTS, recurrentOutputs } from './trained.js';

/** Customers that are forecast together: bounds the memory beside the series to some 50 MB. */
const BATCH = 2_000;

/** Forecasts the periods after the series of everybody who bought in it, with the champion. A million customers are
 *  best given in series of some ten thousand.
 *  @param series of the trained shop, its first period the forecaster's
 *  @throws RangeError when it is another, or begins elsewhere; the signal's reason when it is aborted */
export async function forecastCustomers(
  forecaster: Forecaster,
  series: PurchaseSeries,
  signal?: AbortSignal,
): Promise<ForecastOfCustomer[]> {
  const { firstPeriod, periods } = forecaster;
  if (series.first !== firstPeriod || series.periods.kind !== periods.kind)
    throw new RangeError(
      `the series begins with ${series.periods.kind} ${series.first}, the forecaster's with ${periods.kind} ${firstPeriod}`,
    );
  const told = withSignals(series, forecaster.hasSignals);
  const rows = knownRows(told, told.count);
  const forecasts: ForecastOfCustomer[] = [];
  for (let from = 0; from < rows.length; from += BATCH) {
    signal?.throwIfAborted();
    forecasts.push(...(await forecastBatch(forecaster, told, rows.slice(from, from + BATCH))));
  }
  return forecasts;
}

/** With what the cameras saw where the forecaster asks for it, as unknown where there is nothing. */
function withSignals(series: PurchaseSeries, hasSignals: boolean): PurchaseSeries {
  const { signals, ...blind } = series;
  if (!hasSignals) return blind;
  if (signals !== undefined) return series;
  const unknown = new Float64Array(series.orders.length).fill(NaN);
  return { ...series, signals: { visitDays: unknown, satisfaction: unknown } };
}

/** A customer's forecast before ranges and dates. */
interface Said {
  readonly churn: number;
  readonly spendMinor: number;
  readonly classes: readonly number[] | null;
  readonly moves: Moves;
}

async function forecastBatch(
  forecaster: Forecaster,
  series: PurchaseSeries,
  rows: readonly number[],
): Promise<ForecastOfCustomer[]> {
  const { base, ranges } = forecaster;
  const said =
    forecaster.champion === 'bg-nbd'
      ? rows.map((row) => saidByBase(forecaster, series, row))
      : await saidByTrained(forecaster, series, rows);
  const [start, end] = [
    dayAfter(series, series.count),
    seasonalDays(base.season, series, series.count, HORIZON),
  ];
  return rows.map((row, index): ForecastOfCustomer => {
    const { churn = 1, spendMinor = 0, classes = null, moves = new Map() as Moves } = said[index] ?? {};
    const wait = daysToPurchase(base.bgNbd, historyOf(series, row, series.count), { churn, days: end });
    return {
      customerId: series.customerIds[row] ?? '',
      expectedSpendMinor: spendMinor,
      spendRangeMinor: ranges && rangeOf(ranges, churn, spendMinor),
      churnProbability: churn,
      classes: classes && namedClasses(classes),
      nextPurchaseOn: wait === null ? null : dateOfDay(start + wait),
      reasons: [...moves]
        .map(([group, own]) => ({ group, ...own }))
        .sort((one, other) => sizeOf(other) - sizeOf(one)),
    };
  });
}

function sizeOf({ churnLogit, logSpend }: { churnLogit: number; logSpend: number }): number {
  return Math.abs(churnLogit) + Math.abs(logSpend);
}

function namedClasses(chances: readonly number[]): Record<CustomerClass, number> {
  const entries = CUSTOMER_CLASSES.map((name, index) => [name, chances[index] ?? 0] as const);
  return Object.fromEntries(entries) as Record<CustomerClass, number>;
}

function saidByBase(
  { base, repeatAmounts, centroids }: Forecaster,
  series: PurchaseSeries,
  row: number,
): Said {
  const model: BaseModel = { ...base, gammaGamma: repeatAmounts };
  const place = { row, observed: series.count, horizon: HORIZON };
  const forecast = baseForecast(model, series, place, 'repeats');
  const { churn, spendMinor, amountMinor } = forecast;
  return {
    churn,
    spendMinor,
    classes: centroids && baseClasses(model, series, place, { forecast, centroids }),
    moves: baseMoves(model, series, row, {
      churnLogit: safeLogit(churn),
      logSpend: logUnits(spendMinor, model.unitMinor),
      amountMinor,
    }),
  };
}

async function saidByTrained(
  forecaster: Forecaster,
  series: PurchaseSeries,
  rows: readonly number[],
): Promise<Said[]> {
  const { base, centroids, champion, boosted, lstms } = forecaster;
  if (centroids === null) throw new RangeError('a trained champion has classes');
  const examples = examplesAt(series, base, [series.count], centroids, rows);
  const models: Predictions[] = [];
  if (boosted !== null) models.push(predictBoosted(boosted, examples, base.unitMinor));
  const outputs = lstms && (await recurrentOutputs(lstms.map(openedLstm), base, series, examples));
  if (outputs !== null) models.push(predictRecurrent(outputs, examples));
  const [only] = models;
  if (only === undefined) throw new RangeError(`the parts of ${champion} are missing`);
  const predictions = models.length === 1 ? only : blend(models, ENSEMBLE_WEIGHTS);
  const corrections = correctionsOf(boosted, outputs, examples, featuresOf(series));
  const shares = sharesOf(champion);
  return rows.map((row, index): Said => {
    const place = { row, observed: series.count, horizon: HORIZON };
    const { amountMinor } = baseForecast(base, series, place);
    const own = { churn: predictions.churn[index] ?? 1, spendMinor: predictions.spendMinor[index] ?? 0 };
    const moves = baseMoves(base, series, row, { ...baseSaid(examples, index, base), amountMinor });
    addCorrections(moves, corrections, { base, examples, index }, { shares, said: own });
    return { ...own, classes: classChances(predictions, index), moves };
  });
}

/** What the base forecast says of an example, as reasons count it. */
function baseSaid({ baseStays, baseSpendMinor }: Examples, index: number, { unitMinor }: BaseModel) {
  return {
    churnLogit: safeLogit(churnOf(baseStays, index * HORIZON)),
    logSpend: logUnits(baseSpendMinor[index] ?? 0, unitMinor),
  };
}

function sharesOf(champion: ServingModelName): Shares {
  if (champion === 'boosting') return { churn: [1, 0], spend: [1, 0] };
  if (champion === 'lstm') return { churn: [0, 1], spend: [0, 1] };
  const share = ([trees = 0, networks = 0]: readonly number[]): [number, number] => [
    trees / (trees + networks),
    networks / (trees + networks),
  ];
  return { churn: share(ENSEMBLE_WEIGHTS.churn), spend: share(ENSEMBLE_WEIGHTS.spend) };
}
