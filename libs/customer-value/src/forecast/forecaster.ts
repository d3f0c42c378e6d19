import { z } from 'zod';
import { BackTestReport } from '../back-test/back-test-report.js';
import { LstmShape } from '../lstm/shape.js';
import { GammaGamma } from '../buy-till-you-die/gamma-gamma.js';
import { ClassCentroids, type CustomerClass } from '../segments/classes.js';
import { BaseModel } from './base.js';
import { BoostedForecaster } from './boosted.js';
import type { FeatureGroup } from './features.js';

/** Models that can serve. */
export const SERVING_MODELS = ['bg-nbd', 'boosting', 'lstm', 'ensemble'] as const;
export const ServingModelName = z.enum(SERVING_MODELS);
export type ServingModelName = z.infer<typeof ServingModelName>;

/** A trained LSTM as text. */
export const StoredLstm = z.strictObject({
  shape: LstmShape,
  /** Float32 of shape.ts's order, little endian, in base 64. */
  parameters: z.string(),
});
export type StoredLstm = z.infer<typeof StoredLstm>;

/** What the spend was over what was expected, in the back-test, by the chance of buying nothing. */
export const SpendRanges = z.strictObject({
  /** Upper bounds of the bins' chances of buying nothing, ascending; the last bin has none. */
  bounds: z.array(z.number()),
  /** Per bin the ratios between which eight of ten lie. */
  low: z.array(z.number().min(0)),
  high: z.array(z.number().min(0)),
});
export type SpendRanges = z.infer<typeof SpendRanges>;

/** A forecaster of a shop: everything that `forecastCustomers` needs, as plain data. */
export const Forecaster = z.strictObject({
  version: z.literal(1),
  champion: ServingModelName,
  /** Why no better model serves; null when the best of the back-test does. */
  note: z.string().nullable(),
  /** Last day that was known at the training, e.g. 2011-03-31. */
  trainedUntil: z.string(),
  /** Days of history at the training. */
  historyDays: z.number().min(0),
  customers: z.int().min(0),
  periods: z.strictObject({ kind: z.enum(['months', 'spans']), perYear: z.int().positive() }),
  /** First period of the series that it was trained on; forecasts are made from series that begin there too. */
  firstPeriod: z.int(),
  /** Whether the trees ask for visits and satisfaction. */
  hasSignals: z.boolean(),
  base: BaseModel,
  /** Gamma-Gamma of repeats only, as BG/NBD serves with it when it serves alone. */
  repeatAmounts: GammaGamma,
  centroids: ClassCentroids.nullable(),
  /** Null where the champion does without. */
  boosted: BoostedForecaster.nullable(),
  lstms: z.array(StoredLstm).nullable(),
  /** Null with too few outcomes. */
  ranges: SpendRanges.nullable(),
  /** Null when no origin could be tested. */
  backTest: BackTestReport.nullable(),
});
export type Forecaster = z.infer<typeof Forecaster>;

/** What a reason is about. `shop`: what holds for all of its customers at this time; `sequence`: what the LSTM saw
 *  in the order of the months. */
export type ReasonGroup = FeatureGroup | 'shop' | 'sequence';

/** By how much a group of inputs moved a forecast away from that of a customer who has just bought for the first
 *  time. The reasons of a customer sum to the difference exactly. */
export interface Reason {
  readonly group: ReasonGroup;
  /** Of the logit of buying nothing; above 0: likelier to stay away. */
  readonly churnLogit: number;
  /** Of the logarithm of the expected spend; 0.1 is about a tenth more. */
  readonly logSpend: number;
}

/** What is expected of a customer in the periods after the series. */
export interface ForecastOfCustomer {
  readonly customerId: string;
  readonly expectedSpendMinor: number;
  /** Holds the spend in eight of ten cases; null when the back-test was too small to say. */
  readonly spendRangeMinor: { readonly low: number; readonly high: number } | null;
  /** Chance of buying nothing. */
  readonly churnProbability: number;
  /** Their sum is 1; null where no classes are fitted. */
  readonly classes: Readonly<Record<CustomerClass, number>> | null;
  /** Day by which a purchase has even odds, e.g. 2011-03-31; null when that is more than a year away or never. */
  readonly nextPurchaseOn: string | null;
  /** Greatest first, by the sum of both amounts. */
  readonly reasons: readonly Reason[];
}

export interface TrainingOptions {
  /** Origins that are tested on, at most. */
  readonly origins: number;
  /** Customers that trees and networks are trained on at most: every n-th beyond that. */
  readonly mostCustomers: number;
  /** Classes that hold already; fitted when absent. */
  readonly centroids?: ClassCentroids;
  readonly seed: number;
}

export const TRAINING_OPTIONS: TrainingOptions = { origins: 3, mostCustomers: 10_000, seed: 1 };

export interface TrainingHooks {
  /** 0 to 1. */
  readonly onProgress?: (share: number, step: string) => void;
  /** Asked between batches and rounds. */
  readonly signal?: AbortSignal;
}
