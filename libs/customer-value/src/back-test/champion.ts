import { SERVING_MODELS, type ServingModelName } from '../forecast/forecaster.js';
import { REFERENCE, type Report } from './report.js';

/** Days of history below which BG/NBD serves: 15 months (docs/forecasts.md). */
export const ENOUGH_DAYS = 456;

export interface Choice {
  readonly champion: ServingModelName;
  /** Why no better model serves; null when the best one does. */
  readonly note: string | null;
}

/** What serves where the history is long enough for trained models and too short for testing them from an origin that
 *  had as much: the best on UCI Online Retail II (docs/forecasts.md). */
const UNTESTED: ServingModelName = 'ensemble';

/** Chooses the model with the lowest score of the back-test (the mean logarithm of its log-losses and spend errors at
 *  equal totals over those of BG/NBD). A trained model must beat BG/NBD surely, with the whole 95 % interval of the
 *  score below 0: what cannot be told apart is served by the simpler model.
 *  @param historyDays days known, @param report of earlier origins with enough history; null when there is none */
export function championOf(historyDays: number, report: Report | null): Choice {
  if (historyDays < ENOUGH_DAYS)
    return { champion: REFERENCE, note: `${monthsOf(historyDays)} months of history, 15 are needed` };
  if (report === null || report.origins.length === 0) return { champion: UNTESTED, note: null };
  const scores = SERVING_MODELS.flatMap((name) => {
    const score = report.models[name]?.['score'];
    return score === undefined ? [] : [{ name, score }];
  });
  const sure = scores.filter(({ score }) => (score.high ?? 0) < 0);
  const best = sure.reduce<(typeof sure)[number] | null>(
    (least, each) => (least === null || each.score.value < least.score.value ? each : least),
    null,
  );
  if (best !== null) return { champion: best.name, note: null };
  const why = report.missing.find(({ what }) => what.includes('ensemble'))?.why;
  return {
    champion: REFERENCE,
    note: why ?? 'no trained model beat it surely in the back-test',
  };
}

/** BG/NBD, because nothing could be trained. */
export function withoutTrained(why: string): Choice {
  return { champion: REFERENCE, note: why };
}

function monthsOf(days: number): number {
  return Math.floor(days / 30.4375);
}
