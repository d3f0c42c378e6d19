import type { SatisfactionClass } from '@regulars/contracts';
import { leaningOf, type HeadExamples, type Leaning } from '@regulars/vision';

/** A corrected crop as a head sees it. */
export interface Example {
  /** Crops of one sighting look alike, and those of one person resemble each other: all of a person stand on one
   *  side. */
  readonly customerId: string;
  readonly features: Float32Array;
  /** How the head so far reads it. */
  readonly probabilities: Float32Array;
  readonly truth: SatisfactionClass;
}

export interface Lesson {
  readonly training: readonly Example[];
  /** Decides when to stop; no part of the comparison. */
  readonly validation: readonly Example[];
  /** Decides whether the new head serves; seen by no training. */
  readonly heldOut: readonly Example[];
}

/** Of ten customers so many are held out, and so many more say when to stop. */
const [HELD_OUT, VALIDATING] = [3, 2];

/** FNV-1a of a text, with a finaliser. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** Divides examples by customer: always the same way, so that what is held out is never trained on later either. */
export function divide(examples: readonly Example[]): Lesson {
  const placeOf = ({ customerId }: Example) => hashOf(customerId) % 10;
  return {
    heldOut: examples.filter((example) => placeOf(example) < HELD_OUT),
    validation: examples.filter(
      (example) => placeOf(example) >= HELD_OUT && placeOf(example) < HELD_OUT + VALIDATING,
    ),
    training: examples.filter((example) => placeOf(example) >= HELD_OUT + VALIDATING),
  };
}

const LEANING: Readonly<Record<SatisfactionClass, Leaning>> = {
  satisfied: 'satisfied',
  neutral: 'neither',
  dissatisfied: 'dissatisfied',
};
/** What every class of the right kind gets of the target, so that one that the head thinks impossible can be learnt. */
const LEAST_SHARE = 0.02;

/** Targets over the net's classes for what an operator says of three: the head's own opinion of which class of the
 *  right kind it is stands (a correction "dissatisfied" does not say whether angry or sad). */
export function targetOf(
  classes: readonly string[],
  { probabilities, truth }: Pick<Example, 'probabilities' | 'truth'>,
): Float32Array {
  const shares = classes.map((name, i) =>
    leaningOf(name) === LEANING[truth] ? (probabilities[i] ?? 0) + LEAST_SHARE : 0,
  );
  const sum = shares.reduce((total, share) => total + share, 0);
  return Float32Array.from(shares, (share) => share / sum);
}

/** Examples as the trainer takes them, each kind counting for as much as the others: operators correct what is
 *  wrong, which is no fair draw of what there is. */
export function examplesOf(classes: readonly string[], examples: readonly Example[]): HeadExamples {
  const width = examples[0]?.features.length ?? 0;
  const features = new Float32Array(examples.length * width);
  const targets = new Float32Array(examples.length * classes.length);
  const kinds = new Map<SatisfactionClass, number>();
  for (const { truth } of examples) kinds.set(truth, (kinds.get(truth) ?? 0) + 1);
  const weights = Float32Array.from(
    examples,
    ({ truth }) => examples.length / (kinds.size * (kinds.get(truth) ?? 1)),
  );
  examples.forEach((example, i) => {
    features.set(example.features, i * width);
    targets.set(targetOf(classes, example), i * classes.length);
  });
  return { features, targets, weights };
}
