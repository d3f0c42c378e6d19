import type { AbstentionReason, ExpressionOutcome, ViewQuality } from '@regulars/contracts';
import { massOf, type ExpressionScores } from '@regulars/vision';
import { read, type ReadingRule } from './reading.js';

/** Narrower faces hold too few pixels for the 48 or 64 px that the nets look at. */
export const SMALLEST_FACE_PX = 32;
/** Mean grey level below which shadows swallow the mouth. */
export const DARK_BELOW = 40;
/** Variance of the Laplacian; ViewQuality names the same bound. */
export const BLURRED_BELOW = 30;
/** Further round, one half of the mouth is hidden. */
export const LARGEST_YAW_DEGREES = 45;
/** A face and its mirror image are two views of one expression: where the net tells them apart by more than this
 *  (difference of p(satisfied) - p(dissatisfied), at most 2), it does not know what it sees. What it costs and saves
 *  on FER+ stands in docs/satisfaction.md. */
export const LARGEST_DISAGREEMENT = 0.5;
/** Probability that the lower face is covered from which nothing is said: chosen so that about one open face in sixty
 *  is lost (docs/satisfaction.md). */
export const COVERED_FROM = 0.9;

/** Why a view cannot be judged, whatever the net says; null when it can. */
export function flawOf(quality: ViewQuality): AbstentionReason | null {
  if (quality.faceWidthPx < SMALLEST_FACE_PX) return 'too-small';
  if (quality.brightness < DARK_BELOW) return 'too-dark';
  if (quality.sharpness < BLURRED_BELOW) return 'blurred';
  return Math.abs(quality.yawDegrees) > LARGEST_YAW_DEGREES ? 'profile' : null;
}

/** The mean of what is said of a crop and of its mirror image. */
function bothViews(scores: ExpressionScores): ExpressionScores {
  const { classes, probabilities, mirrored } = scores;
  if (mirrored === undefined) return scores;
  return { classes, probabilities: probabilities.map((p, i) => (p + (mirrored[i] ?? p)) / 2) };
}

/** How differently the two views are read, 0 to 2. */
export function disagreementOf({ classes, probabilities, mirrored }: ExpressionScores): number {
  if (mirrored === undefined) return 0;
  const leaning = (of: Float32Array) => {
    const scores = { classes, probabilities: of };
    return massOf(scores, 'satisfied') - massOf(scores, 'dissatisfied');
  };
  return Math.abs(leaning(probabilities) - leaning(mirrored));
}

const inUnit = (value: number) => Math.min(1, Math.max(0, Math.round(value * 1_000) / 1_000));

/** How satisfied a face looks: the share of happy in happy and the negative classes. Neutral when these are
 *  unlikely together or their shares are even. Abstains where the view or the net is too poor to say. */
export function judgeExpression(
  scores: ExpressionScores,
  quality: ViewQuality,
  rule: ReadingRule,
): ExpressionOutcome {
  const flaw = flawOf(quality);
  if (flaw) return { kind: 'abstained', reason: flaw };
  if ((scores.covered ?? 0) >= COVERED_FROM) return { kind: 'abstained', reason: 'covered' };
  if (disagreementOf(scores) > LARGEST_DISAGREEMENT) return { kind: 'abstained', reason: 'disagreeing' };
  const reading = read(bothViews(scores), rule);
  if (reading.class === 'unsure') return { kind: 'abstained', reason: 'unsure' };
  return {
    kind: 'scored',
    satisfaction: inUnit(reading.satisfaction),
    class: reading.class,
    confidence: inUnit(reading.confidence),
  };
}
