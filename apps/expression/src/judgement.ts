import {
  NEUTRAL_BAND,
  type AbstentionReason,
  type ExpressionOutcome,
  type ViewQuality,
} from '@regulars/contracts';
import type { ExpressionScores } from '@regulars/vision';

/** Narrower faces hold too few pixels for the 64 px input of the net. */
export const SMALLEST_FACE_PX = 32;
/** Mean grey level below which shadows swallow the mouth. */
export const DARK_BELOW = 40;
/** Variance of the Laplacian; ViewQuality names the same bound. */
export const BLURRED_BELOW = 30;
/** Further round, one half of the mouth is hidden. */
export const LARGEST_YAW_DEGREES = 45;
/** Unsure when neither satisfied nor dissatisfied nor neither of them is at least this likely. Of FER+'s training
 *  rows that this leaves out, half would have been read wrongly (docs/satisfaction.md). */
export const UNSURE_BELOW = 0.5;
/** Probability of happy and the negative classes together below which a face is neutral, whatever their ratio.
 *  The largest that keeps the mean recall of the three classes on FER+'s training rows within .005 of the best:
 *  this net takes many neutral faces for sad ones. */
export const DECISIVE_FROM = 0.7;

/** Classes by what they say, in the words of the nets. Fear is left out: raters of FER+ and the nets confuse it
 *  with surprise, and both happen at a till for other reasons than the shop. */
const SATISFIED: readonly string[] = ['happy'];
const DISSATISFIED: readonly string[] = ['angry', 'disgust', 'disgusted', 'contempt', 'sad'];

function massOf({ classes, probabilities }: ExpressionScores, named: readonly string[]): number {
  return classes.reduce((sum, name, i) => sum + (named.includes(name) ? (probabilities[i] ?? 0) : 0), 0);
}

/** Why a view cannot be judged, whatever the net says; null when it can. */
export function flawOf(quality: ViewQuality): AbstentionReason | null {
  if (quality.faceWidthPx < SMALLEST_FACE_PX) return 'too-small';
  if (quality.brightness < DARK_BELOW) return 'too-dark';
  if (quality.sharpness < BLURRED_BELOW) return 'blurred';
  return Math.abs(quality.yawDegrees) > LARGEST_YAW_DEGREES ? 'profile' : null;
}

const inUnit = (value: number) => Math.min(1, Math.max(0, Math.round(value * 1_000) / 1_000));

/** How satisfied a face looks: the share of happy in happy and the negative classes. Neutral when these are
 *  unlikely together or their shares are even. Abstains where the view or the net is too poor to say. */
export function judgeExpression(scores: ExpressionScores, quality: ViewQuality): ExpressionOutcome {
  const flaw = flawOf(quality);
  if (flaw) return { kind: 'abstained', reason: flaw };
  const satisfied = massOf(scores, SATISFIED);
  const dissatisfied = massOf(scores, DISSATISFIED);
  const decisive = satisfied + dissatisfied;
  if (Math.max(satisfied, dissatisfied, 1 - decisive) < UNSURE_BELOW) {
    return { kind: 'abstained', reason: 'unsure' };
  }
  const satisfaction = decisive > 0 ? inUnit(satisfied / decisive) : 0.5;
  const scored = { kind: 'scored', satisfaction } as const;
  if (decisive >= DECISIVE_FROM && satisfaction >= NEUTRAL_BAND.satisfiedFrom) {
    return { ...scored, class: 'satisfied', confidence: inUnit(satisfied) };
  }
  if (decisive >= DECISIVE_FROM && satisfaction <= NEUTRAL_BAND.dissatisfiedTo) {
    return { ...scored, class: 'dissatisfied', confidence: inUnit(dissatisfied) };
  }
  return { ...scored, class: 'neutral', confidence: inUnit(1 - decisive) };
}
