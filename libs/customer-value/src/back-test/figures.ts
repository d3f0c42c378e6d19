import {
  ascending,
  auc,
  captureTop10,
  factorToTotal,
  logLoss,
  macroF1,
  meanOf,
  spendErrors,
  type Weights,
} from './metrics.js';
import { CLASSES, type Actual, type ModelForecast } from './model-forecast.js';

/** Metrics of a model at an origin, in the order in which they are told; docs/forecasts.md says what each is. */
export const METRICS = [
  'churnAuc',
  'churnLogLoss',
  'mae',
  'rmse',
  'totalRatio',
  'maeEqualTotal',
  'rmseEqualTotal',
  'captureTop10',
  'classAccuracy',
  'changeAuc',
  'classLogLoss',
  'macroF1',
] as const;
export type Metric = (typeof METRICS)[number];
export type Figures = Partial<Record<Metric, number>>;

/** Chances of classes are kept this far from 0. */
const LEAST = 1e-6;

/** A model at an origin with its orders computed once, so that each draw of a bootstrap is a pass. Money is told in
 *  minor units.
 *  @returns figures of weighted customers; those that cannot be computed are absent */
export function measurable(forecast: ModelForecast, actual: Actual): (weights: Weights) => Figures {
  const parts = [churnPart(forecast, actual), spendPart(forecast, actual), classPart(forecast, actual)];
  return (weights) => {
    const figures: Figures = {};
    for (const part of parts)
      for (const [metric, value] of Object.entries(part(weights)))
        if (Number.isFinite(value)) figures[metric as Metric] = value;
    return figures;
  };
}

type Part = (weights: Weights) => Figures;
const NOTHING: Part = () => ({});

function churnPart({ churnScore, isChance }: ModelForecast, { churn }: Actual): Part {
  if (churnScore === null) return NOTHING;
  const order = ascending(churnScore);
  return (weights) => ({
    churnAuc: auc(churnScore, churn, order, weights),
    ...(isChance && { churnLogLoss: logLoss(churnScore, churn, weights) }),
  });
}

function spendPart({ spendMinor }: ModelForecast, actual: Actual): Part {
  if (spendMinor === null) return NOTHING;
  const orders = { forecasts: ascending(spendMinor), actual: ascending(actual.spendMinor) };
  return (weights) => {
    const factor = factorToTotal(spendMinor, actual.spendMinor, weights);
    const [native, equal] = [1, factor].map((by) => spendErrors(spendMinor, actual.spendMinor, by, weights));
    return {
      mae: native?.mae,
      rmse: native?.rmse,
      totalRatio: 1 / factor,
      maeEqualTotal: equal?.mae,
      rmseEqualTotal: equal?.rmse,
      captureTop10: captureTop10(actual.spendMinor, orders, weights),
    };
  };
}

function classPart({ classes, isChance }: ModelForecast, { classIndex, classBefore }: Actual): Part {
  if (classes === null || classIndex === null || classBefore === null) return NOTHING;
  const likeliest = Int32Array.from(classIndex, (_, index) => {
    const own = classes.subarray(index * CLASSES, (index + 1) * CLASSES);
    return own.indexOf(Math.max(...own));
  });
  const chanceOf = (index: number, kind: number) => classes[index * CLASSES + kind] ?? 0;
  const change = Float64Array.from(classBefore, (before, index) => 1 - chanceOf(index, before));
  const changed = Float64Array.from(classIndex, (own, index) => (own === classBefore[index] ? 0 : 1));
  const order = ascending(change);
  return (weights) => ({
    classAccuracy: meanOf((index) => (likeliest[index] === classIndex[index] ? 1 : 0), weights),
    changeAuc: auc(change, changed, order, weights),
    ...(isChance && {
      classLogLoss: meanOf(
        (index) => -Math.log(Math.max(LEAST, chanceOf(index, classIndex[index] ?? 0))),
        weights,
      ),
    }),
    macroF1: macroF1(likeliest, classIndex, CLASSES, weights),
  });
}
