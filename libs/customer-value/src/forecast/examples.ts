import type { ClassCentroids } from '../segments/classes.js';
import { knownRows, type BaseModel } from './base.js';
import { FEATURES, writeFeatures } from './features.js';
import { outcomeOf } from './outcomes.js';
import type { PurchaseSeries } from './series.js';

/** Customers at points in time with what the base model says of them and, where it is known, what came. */
export interface Examples {
  readonly count: number;
  readonly rows: Int32Array;
  readonly observed: Int32Array;
  /** [example][feature] */
  readonly features: Float64Array;
  readonly baseChurn: Float64Array;
  readonly baseSpendMinor: Float64Array;
  /** 1 where nothing was bought. */
  readonly churned: Float64Array;
  readonly spendMinor: Float64Array;
  /** Index into CUSTOMER_CLASSES. */
  readonly classIndex: Int32Array;
}

/** Examples of every customer known after each number of periods in `observed`. Outcomes are those that the series
 *  holds: a caller that forecasts does not look at them.
 *  @param horizon periods that an outcome covers */
export function examplesAt(
  series: PurchaseSeries,
  model: BaseModel,
  {
    observed,
    horizon,
    centroids,
  }: { observed: readonly number[]; horizon: number; centroids: ClassCentroids },
): Examples {
  const places = observed.flatMap((known) =>
    knownRows(series, known).map((row) => ({ row, observed: known, horizon })),
  );
  const column = () => new Float64Array(places.length);
  const examples = {
    count: places.length,
    rows: Int32Array.from(places, ({ row }) => row),
    observed: Int32Array.from(places, (place) => place.observed),
    features: new Float64Array(places.length * FEATURES.length),
    baseChurn: column(),
    baseSpendMinor: column(),
    churned: column(),
    spendMinor: column(),
    classIndex: new Int32Array(places.length),
  };
  places.forEach((place, index) => {
    const target = { target: examples.features, at: index * FEATURES.length };
    const base = writeFeatures(model, series, place, target);
    examples.baseChurn[index] = base.churn;
    examples.baseSpendMinor[index] = base.spendMinor;
    const window = { from: place.observed, to: place.observed + horizon };
    const outcome = outcomeOf(series, place.row, window, centroids);
    examples.churned[index] = outcome.hasBought ? 0 : 1;
    examples.spendMinor[index] = outcome.spendMinor;
    examples.classIndex[index] = outcome.classIndex;
  });
  return examples;
}
