import { classChances, type Predictions } from '../forecast/predictions.js';

/** Classes of customers, none included. */
export const CLASSES = 4;

/** What a model says of customers at an origin; null where it says nothing. */
export interface ModelForecast {
  /** Higher: likelier to buy nothing. */
  readonly churnScore: Float64Array | null;
  /** Whether the score is a chance. */
  readonly isChance: boolean;
  readonly spendMinor: Float64Array | null;
  /** [customer][class] chances. */
  readonly classes: Float64Array | null;
}

/** @param hasClasses false where no classes were fitted */
export function forecastOfPredictions(predictions: Predictions, hasClasses = true): ModelForecast {
  const { churn, spendMinor } = predictions;
  const classes = new Float64Array(churn.length * CLASSES);
  for (let index = 0; index < churn.length; index += 1)
    classes.set(classChances(predictions, index), index * CLASSES);
  return { churnScore: churn, isChance: true, spendMinor, classes: hasClasses ? classes : null };
}

/** What came, and the class of the window before. */
export interface Actual {
  readonly churn: Float64Array;
  readonly spendMinor: Float64Array;
  /** Null where no classes were fitted. */
  readonly classIndex: Int32Array | null;
  readonly classBefore: Int32Array | null;
}
