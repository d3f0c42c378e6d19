import { isRegularsError } from '@regulars/contracts';
import type { ExpressionScores, Vision } from '@regulars/vision';

export type ScoringVision = Pick<Vision, 'scoreExpressions'>;

function isUnreadable(error: unknown): boolean {
  return isRegularsError(error) && error.code === 'PICTURE_UNREADABLE';
}

/** Scores crops together. When one of them cannot be decoded, each is scored alone, so that it spoils no other.
 *  @returns one per crop in order; null for a crop that cannot be decoded */
export async function scoreCrops(
  vision: ScoringVision,
  crops: readonly Uint8Array[],
): Promise<(ExpressionScores | null)[]> {
  try {
    return [...(await vision.scoreExpressions(crops))];
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    if (crops.length === 1) return [null];
  }
  const scores: (ExpressionScores | null)[] = [];
  for (const crop of crops) scores.push(...(await scoreCrops(vision, [crop])));
  return scores;
}
