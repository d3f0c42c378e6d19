import { ForecastReason, type ForecastView } from '@regulars/contracts';
import type { ForecastOfCustomer } from '@regulars/customer-value';
import { z } from 'zod';

/** How far a trained model's forecast from the end of the last month is from BG/NBD's from the same day. Added to
 *  what BG/NBD says today it is the forecast of today: the trained model sees whole months, and BG/NBD every sale at
 *  once (docs/adr/0014-trained-forecasts-as-corrections.md). */
export const TrainedPart = z.strictObject({
  churnLogit: z.number(),
  logSpend: z.number(),
  /** Of those who buy; their sum is 1. */
  buyers: z.strictObject({ low: z.number(), medium: z.number(), high: z.number() }).nullable(),
  /** The interval's ends over the expected spend. */
  range: z.strictObject({ low: z.number().min(0), high: z.number().min(0) }).nullable(),
  /** What BG/NBD said at the end of the month. */
  base: z.strictObject({ churnLogit: z.number(), logSpend: z.number() }),
  reasons: z.array(ForecastReason),
});
export type TrainedPart = z.infer<typeof TrainedPart>;

type Expectation = Pick<ForecastView, 'churnProbability' | 'expectedSpendMinor'>;

/** Chances are kept this far from 0 and 1, so that a correction moves them. */
const SUREST = 1e-4;
/** A correction beyond this (a factor of 20) is an outlier of the model. */
const MOST_MOVE = 3;
/** Reasons smaller than this are no reasons. */
const LEAST_REASON = 0.02;

function logitOf(chance: number): number {
  const kept = Math.min(1 - SUREST, Math.max(SUREST, chance));
  return Math.log(kept / (1 - kept));
}

/** In minor units, one added, so that nothing expected has a logarithm too. */
const logOf = (amountMinor: number): number => Math.log1p(Math.max(0, amountMinor));

function placeOf({ churnProbability, expectedSpendMinor }: Expectation) {
  return { churnLogit: logitOf(churnProbability), logSpend: logOf(expectedSpendMinor) };
}

const within = (value: number) => Math.max(-MOST_MOVE, Math.min(MOST_MOVE, value));

/** @param found what the trained model expects from the end of the month
 *  @param base what BG/NBD expects from the same day */
export function trainedPartOf(found: ForecastOfCustomer, base: Expectation): TrainedPart {
  const [own, before] = [placeOf(found), placeOf(base)];
  const { classes, spendRangeMinor: range, expectedSpendMinor: spend } = found;
  const buying = classes === null ? 0 : classes.low + classes.medium + classes.high;
  return {
    churnLogit: within(own.churnLogit - before.churnLogit),
    logSpend: within(own.logSpend - before.logSpend),
    buyers:
      classes === null || buying <= 0
        ? null
        : { low: classes.low / buying, medium: classes.medium / buying, high: classes.high / buying },
    range: range === null || spend <= 0 ? null : { low: range.low / spend, high: range.high / spend },
    base: before,
    reasons: [...found.reasons],
  };
}

/** BG/NBD's forecast of today with the trained model's correction. */
export function withTrained(base: ForecastView, part: TrainedPart): ForecastView {
  const now = placeOf(base);
  const churn = 1 / (1 + Math.exp(-(now.churnLogit + part.churnLogit)));
  const spend = Math.expm1(Math.max(0, now.logSpend + part.logSpend));
  const factor = base.expectedSpendMinor > 0 ? spend / base.expectedSpendMinor : 1;
  const range = part.range
    ? { low: part.range.low * spend, high: part.range.high * spend }
    : base.spendRangeMinor && {
        low: base.spendRangeMinor.low * factor,
        high: base.spendRangeMinor.high * factor,
      };
  return {
    ...base,
    expectedSpendMinor: Math.round(spend * 100) / 100,
    spendRangeMinor: range && { low: Math.round(range.low), high: Math.round(range.high) },
    churnProbability: churn,
    classes: part.buyers && base.classes ? classesOf(part.buyers, churn) : base.classes,
    reasons: reasonsOf(part, now),
  };
}

function classesOf({ low, medium, high }: NonNullable<TrainedPart['buyers']>, churn: number) {
  const share = (own: number) => Math.min(1, (1 - churn) * own);
  return { none: churn, low: share(low), medium: share(medium), high: share(high) };
}

/** The trained model's, and what has happened since. */
function reasonsOf({ base, reasons }: TrainedPart, now: TrainedPart['base']): ForecastReason[] {
  const since: ForecastReason = {
    group: 'since',
    churnLogit: now.churnLogit - base.churnLogit,
    logSpend: now.logSpend - base.logSpend,
  };
  const sizeOf = ({ churnLogit, logSpend }: ForecastReason) => Math.abs(churnLogit) + Math.abs(logSpend);
  return [...reasons, since]
    .filter((reason) => sizeOf(reason) >= LEAST_REASON)
    .sort((one, other) => sizeOf(other) - sizeOf(one));
}
