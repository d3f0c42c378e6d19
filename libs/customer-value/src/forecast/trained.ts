import { runLstm, type TrainedLstm } from '../lstm/training.js';
import type { ClassCentroids } from '../segments/classes.js';
import { type BaseModel, knownRows } from './base.js';
import { BOOSTED_OPTIONS, type BoostedForecaster, fitBoosted, predictBoosted } from './boosted.js';
import { examplesAt, HORIZON, type Examples } from './examples.js';
import { lstmInputs } from './inputs.js';
import { blend, type BlendWeights, type Predictions } from './predictions.js';
import { fitRecurrent, predictRecurrent, RECURRENT_OPTIONS } from './recurrent.js';
import type { PurchaseSeries } from './series.js';

/** How much trees and networks count in the ensemble. Chosen on the origins 2010-09-30 to 2010-12-31 of UCI Online
 *  Retail II, each figure at equal totals (docs/forecasts.md). */
export const ENSEMBLE_WEIGHTS: BlendWeights = { churn: [2, 1], spend: [1, 1], classes: [1, 2] };

/** Examples with all of their periods ahead known, and buyers among them, below which nothing is trained. */
export const FEWEST_EXAMPLES = 300;
export const FEWEST_BUYERS = 60;

/** Examples older than this weigh too little to be worth their time. */
const MOST_PERIODS = 24;

export interface TrainedModels {
  readonly boosted: BoostedForecaster;
  readonly lstms: readonly TrainedLstm[];
}

export interface TrainingPart {
  readonly series: PurchaseSeries;
  readonly base: BaseModel;
  readonly centroids: ClassCentroids;
  readonly mostCustomers: number;
  readonly seed: number;
  /** Whether the networks are trained too. */
  readonly withLstm: boolean;
}

/** Every n-th of the customers, so that at most `most` remain. */
export function thinned(rows: readonly number[], most: number): number[] {
  const every = Math.max(1, Math.ceil(rows.length / most));
  return rows.filter((_, place) => place % every === 0);
}

/** Trains on every period of the series that has a next one.
 *  @returns the models, or why there are none
 *  @throws the signal's reason when it is aborted */
export async function trainModels(
  { series, base, centroids, mostCustomers, seed, withLstm }: TrainingPart,
  told: (share: number) => void = () => undefined,
  signal?: AbortSignal,
): Promise<TrainedModels | string> {
  const rows = thinned(knownRows(series, series.count), mostCustomers);
  const oldest = Math.max(1, series.count - MOST_PERIODS);
  const observed = Array.from({ length: Math.max(0, series.count - oldest) }, (_, place) => oldest + place);
  const examples = examplesAt(series, base, observed, centroids, rows);
  const { complete, buyers } = contentOf(examples);
  if (complete < FEWEST_EXAMPLES || buyers < FEWEST_BUYERS)
    return `${complete} outcomes of which ${buyers} with a purchase: ${FEWEST_EXAMPLES} and ${FEWEST_BUYERS} are needed`;
  signal?.throwIfAborted();
  const boosted = fitBoosted(examples, base.unitMinor, { ...BOOSTED_OPTIONS, seed }, signal);
  told(0.5);
  if (!withLstm) return { boosted, lstms: [] };
  const sequences = lstmInputs(base, series, HORIZON, rows);
  const { epochs, networks } = RECURRENT_OPTIONS;
  let done = 0;
  const lstms = await fitRecurrent(
    { sequences, rows, examples, unitMinor: base.unitMinor, heldOut: null },
    { ...RECURRENT_OPTIONS, seed },
    { signal, onProgress: () => told(0.5 + (0.5 * ++done) / (epochs * networks)) },
  );
  return { boosted, lstms };
}

function contentOf({ count, known, classIndex }: Examples): { complete: number; buyers: number } {
  let [complete, buyers] = [0, 0];
  for (let index = 0; index < count; index += 1) {
    if (known[index] !== HORIZON) continue;
    complete += 1;
    if ((classIndex[index] ?? 0) > 0) buyers += 1;
  }
  return { complete, buyers };
}

/** The networks' mean outputs for the examples, which are all after the series' last period.
 *  @returns [example][output] */
export async function recurrentOutputs(
  lstms: readonly TrainedLstm[],
  base: BaseModel,
  series: PurchaseSeries,
  { rows }: Examples,
): Promise<Float32Array> {
  const { values, periods } = lstmInputs(base, series, HORIZON, rows);
  let sum: Float32Array | null = null;
  for (const lstm of lstms) {
    const outputs = await runLstm(lstm, values, periods);
    sum = sum === null ? outputs : sum.map((value, at) => value + (outputs[at] ?? 0));
  }
  if (sum === null) throw new RangeError('there is no network');
  return sum.map((value) => value / lstms.length);
}

export interface TrainedPredictions {
  readonly boosting: Predictions;
  readonly lstm: Predictions;
  readonly ensemble: Predictions;
}

/** What the trained models say of the examples, which are all after the series' last period. */
export async function predictTrained(
  { boosted, lstms }: TrainedModels,
  base: BaseModel,
  series: PurchaseSeries,
  examples: Examples,
): Promise<TrainedPredictions> {
  const boosting = predictBoosted(boosted, examples, base.unitMinor);
  const lstm = predictRecurrent(await recurrentOutputs(lstms, base, series, examples), examples);
  return { boosting, lstm, ensemble: blend([boosting, lstm], ENSEMBLE_WEIGHTS) };
}
