/** Classes of expression nets by what they say of satisfaction, in the words of the nets. Fear and surprise say
 *  nothing: raters of FER+ and the nets confuse them, and both happen at a till for other reasons than the shop. */
const SATISFIED: ReadonlySet<string> = new Set(['satisfied', 'happy', 'happiness']);
const DISSATISFIED: ReadonlySet<string> = new Set([
  'dissatisfied',
  'angry',
  'anger',
  'disgust',
  'disgusted',
  'contempt',
  'sad',
  'sadness',
]);

export type Leaning = 'satisfied' | 'dissatisfied' | 'neither';

/** What a class of a net says of satisfaction. */
export function leaningOf(name: string): Leaning {
  if (SATISFIED.has(name)) return 'satisfied';
  return DISSATISFIED.has(name) ? 'dissatisfied' : 'neither';
}

/** Probability of all classes that lean the same way. */
export function massOf(
  { classes, probabilities }: { readonly classes: readonly string[]; readonly probabilities: Float32Array },
  leaning: Leaning,
): number {
  return classes.reduce(
    (sum, name, i) => sum + (leaningOf(name) === leaning ? (probabilities[i] ?? 0) : 0),
    0,
  );
}
