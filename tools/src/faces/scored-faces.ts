import { crossfitCrowding, crowdingOf, type FaceScoring, type LabelledEmbedding } from '@regulars/vision';
import type { EmbeddedPicture } from './embed-pictures.js';

/** Which crowding a measurement takes: what the services use, one fitted anew on these pictures without the person
 *  whom it is for, or none (cosine alone). */
export const SCORINGS = ['shipped', 'crossfitted', 'none'] as const;
export type ScoringChoice = (typeof SCORINGS)[number];

/** @throws Error naming the choices */
export function parseScoring(text: string | undefined): ScoringChoice | null {
  if (text === undefined) return null;
  const choice = SCORINGS.find((each) => each === text);
  if (choice === undefined) throw new Error(`--scoring is one of ${SCORINGS.join(', ')}`);
  return choice;
}

/** Whether a picture had a part in what the services use: then only a fit without its person tells the truth. */
export function wasFittedOn(scoring: FaceScoring, pictures: Iterable<EmbeddedPicture>): boolean {
  const digests = new Set(scoring.fitted.digests);
  for (const { digest } of pictures) if (digests.has(digest)) return true;
  return false;
}

/** Crowding of faces of these people.
 *  @throws RangeError when there are too few people to crossfit */
export function crowdingBy(
  choice: ScoringChoice,
  scoring: FaceScoring,
  faces: readonly LabelledEmbedding[],
): (face: LabelledEmbedding) => number {
  if (choice === 'none') return () => 0;
  if (choice === 'shipped') return ({ embedding }) => crowdingOf(scoring.crowding, embedding);
  return crossfitCrowding(faces);
}
