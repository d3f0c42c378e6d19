import { logit } from '../buy-till-you-die/special.js';
import { noPurchaseProbability } from '../buy-till-you-die/bg-nbd.js';
import type { ClassCentroids } from '../segments/classes.js';
import { historyOf, knownRows, seasonalDays, type BaseModel } from './base.js';
import { featuresOf, writeFeatures } from './features.js';
import { outcomeOf } from './outcomes.js';
import { BUYER_CLASSES } from './predictions.js';
import { baseClasses } from './spend-spread.js';
import { isKnown, type PurchaseSeries } from './series.js';

/** Periods that a forecast covers. */
export const HORIZON = 3;

/** Periods after which an example counts half: how customers behave drifts, and the latest examples are nearest to
 *  what is forecast. Chosen on origins before the tested ones (docs/forecasts.md). */
const HALF_LIFE = 3;

/** Customers at points in time with what the base model says of them and, as far as it is known, what came. */
export interface Examples {
  readonly count: number;
  readonly rows: Int32Array;
  readonly observed: Int32Array;
  /** How much each counts in training, 1 for the latest. */
  readonly weights: Float64Array;
  /** Features of an example. */
  readonly columns: number;
  /** [example][feature] */
  readonly features: Float64Array;
  /** [example][HORIZON] logits of buying nothing in a period ahead after buying nothing in those before it: the
   *  chance of buying nothing in all of them is the product. So an example teaches something a period after it was
   *  made, and not only after all of them. */
  readonly baseStays: Float64Array;
  readonly baseSpendMinor: Float64Array;
  /** [example][BUYER_CLASSES] logarithms of the base forecast's chances of low, medium and high for those who buy. */
  readonly baseClassLogs: Float64Array;
  /** Periods ahead that are known, 0 to HORIZON. */
  readonly known: Int32Array;
  /** Period ahead, counted from 1, of the first purchase in those known; 0 for none. */
  readonly boughtIn: Int32Array;
  /** Of all periods ahead, where all are known. */
  readonly spendMinor: Float64Array;
  /** Index into CUSTOMER_CLASSES, where all periods ahead are known. */
  readonly classIndex: Int32Array;
}

/** Examples of every customer known after each number of periods in `observed`; what came is read from the same
 *  series, as far as it goes.
 *  @param rows of whom; all when absent */
export function examplesAt(
  series: PurchaseSeries,
  model: BaseModel,
  observed: readonly number[],
  centroids: ClassCentroids,
  rows?: readonly number[],
): Examples {
  const knownAt = (seen: number) =>
    rows === undefined ? knownRows(series, seen) : rows.filter((row) => isKnown(series, row, seen));
  const places = observed.flatMap((seen) => knownAt(seen).map((row) => ({ row, observed: seen })));
  const columns = featuresOf(series).length;
  const examples = {
    count: places.length,
    rows: Int32Array.from(places, ({ row }) => row),
    observed: Int32Array.from(places, (place) => place.observed),
    weights: Float64Array.from(places, (place) => 2 ** ((place.observed - series.count) / HALF_LIFE)),
    columns,
    features: new Float64Array(places.length * columns),
    baseStays: new Float64Array(places.length * HORIZON),
    baseSpendMinor: new Float64Array(places.length),
    baseClassLogs: new Float64Array(places.length * BUYER_CLASSES),
    known: new Int32Array(places.length),
    boughtIn: new Int32Array(places.length),
    spendMinor: new Float64Array(places.length),
    classIndex: new Int32Array(places.length),
  };
  places.forEach((place, index) => {
    const target = { target: examples.features, at: index * columns };
    const base = writeFeatures(model, series, { ...place, horizon: HORIZON }, target);
    examples.baseSpendMinor[index] = base.spendMinor;
    const chances = baseClasses(model, series, { ...place, horizon: HORIZON }, { forecast: base, centroids });
    examples.baseClassLogs.set(classLogs(chances), index * BUYER_CLASSES);
    examples.baseStays.set(staysOf(model, series, place), index * HORIZON);
    examples.known[index] = Math.min(HORIZON, series.count - place.observed);
    examples.boughtIn[index] = boughtIn(series, place);
    const outcome = outcomeOf(
      series,
      place.row,
      { from: place.observed, to: place.observed + HORIZON },
      centroids,
    );
    examples.spendMinor[index] = outcome.spendMinor;
    examples.classIndex[index] = outcome.classIndex;
  });
  return examples;
}

/** The closed form is too sure of classes that it calls unlikely. */
const LEAST_CHANCE = 0.01;

function classLogs([, ...buyers]: readonly number[]): number[] {
  const sum = buyers.reduce((total, chance) => total + chance, 0);
  return buyers.map((chance) => Math.log(Math.max(LEAST_CHANCE, chance / Math.max(1e-9, sum))));
}

interface ExamplePlace {
  readonly row: number;
  readonly observed: number;
}

function staysOf(model: BaseModel, series: PurchaseSeries, { row, observed }: ExamplePlace): number[] {
  const history = historyOf(series, row, observed);
  let before = 1;
  return Array.from({ length: HORIZON }, (_, ahead) => {
    const days = seasonalDays(model.season, series, observed, ahead + 1);
    const none = noPurchaseProbability(model.bgNbd, history, days);
    const stays = logit(none / before);
    before = none;
    return stays;
  });
}

function boughtIn(series: PurchaseSeries, { row, observed }: ExamplePlace): number {
  for (let ahead = 1; ahead <= Math.min(HORIZON, series.count - observed); ahead += 1)
    if ((series.orders[row * series.count + observed + ahead - 1] ?? 0) > 0) return ahead;
  return 0;
}

/** Chance of buying nothing from the chances of each period ahead. */
export function churnOf(stays: ArrayLike<number>, from: number): number {
  let chance = 1;
  for (let ahead = 0; ahead < HORIZON; ahead += 1) chance /= 1 + Math.exp(-(stays[from + ahead] ?? 0));
  return chance;
}
