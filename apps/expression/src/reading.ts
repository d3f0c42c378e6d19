import { NEUTRAL_BAND, type SatisfactionClass } from '@regulars/contracts';
import { massOf, type ExpressionScores } from '@regulars/vision';

/** Where a net's probabilities are read as what, from the manifest's calibration. */
export interface ReadingRule {
  /** Probability of the satisfied and dissatisfied classes together below which a face is neutral, whatever their
   *  ratio. */
  readonly decisiveFrom: number;
  /** Unsure when neither satisfied nor dissatisfied nor neither of them is at least this likely. */
  readonly unsureBelow: number;
}

/** For the ready net that states no calibration. Of FER+'s training rows that `unsureBelow` leaves out, half would
 *  have been read wrongly; `decisiveFrom` is the largest that keeps the mean recall of the three classes there
 *  within .005 of the best: that net takes many neutral faces for sad ones (docs/satisfaction.md). */
export const UNCALIBRATED_RULE: ReadingRule = { decisiveFrom: 0.7, unsureBelow: 0.5 };

/** What a net's probabilities say. */
export interface Reading {
  /** Share of satisfied in satisfied and dissatisfied, 0 to 1. */
  readonly satisfaction: number;
  readonly class: SatisfactionClass | 'unsure';
  /** Probability of the class. */
  readonly confidence: number;
}

export function read(scores: ExpressionScores, rule: ReadingRule): Reading {
  const satisfied = massOf(scores, 'satisfied');
  const dissatisfied = massOf(scores, 'dissatisfied');
  const decisive = satisfied + dissatisfied;
  const satisfaction = decisive > 0 ? satisfied / decisive : 0.5;
  const likeliest = Math.max(satisfied, dissatisfied, 1 - decisive);
  if (likeliest < rule.unsureBelow) return { satisfaction, class: 'unsure', confidence: likeliest };
  if (decisive >= rule.decisiveFrom && satisfaction >= NEUTRAL_BAND.satisfiedFrom) {
    return { satisfaction, class: 'satisfied', confidence: satisfied };
  }
  if (decisive >= rule.decisiveFrom && satisfaction <= NEUTRAL_BAND.dissatisfiedTo) {
    return { satisfaction, class: 'dissatisfied', confidence: dissatisfied };
  }
  return { satisfaction, class: 'neutral', confidence: 1 - decisive };
}
