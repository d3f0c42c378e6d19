import type { HeadComparison, SatisfactionClass } from '@regulars/contracts';

/** Held-out corrections without which two heads are not compared. */
export const LEAST_HELD_OUT = 20;
/** A new head serves when so many more right answers would be this unlikely of an equally good one. */
export const LARGEST_CHANCE = 0.05;

/** One held-out correction and how either head read it. */
export interface Answer {
  readonly truth: SatisfactionClass;
  readonly before: SatisfactionClass | 'unsure';
  readonly after: SatisfactionClass | 'unsure';
}

/** Chance of at least `wins` heads in `throws` throws of a fair coin. */
export function signTest(wins: number, throws: number): number {
  let term = 0.5 ** throws;
  let chance = 0;
  for (let heads = throws; heads >= 0; heads -= 1) {
    if (heads < wins) break;
    chance += term;
    term = (term * heads) / (throws - heads + 1);
  }
  return Math.min(1, chance);
}

/** Both heads on the same held-out corrections: only where exactly one of them is right do they differ. */
export function compare(answers: readonly Answer[]): HeadComparison {
  const isRight = (answer: Answer, which: 'before' | 'after') => answer[which] === answer.truth;
  const count = (holds: (answer: Answer) => boolean) => answers.filter(holds).length;
  const onlyAfter = count((a) => isRight(a, 'after') && !isRight(a, 'before'));
  const onlyBefore = count((a) => isRight(a, 'before') && !isRight(a, 'after'));
  return {
    examples: answers.length,
    rightBefore: count((a) => isRight(a, 'before')),
    rightAfter: count((a) => isRight(a, 'after')),
    onlyAfter,
    onlyBefore,
    chance: signTest(onlyAfter, onlyAfter + onlyBefore),
  };
}

/** Whether the new head may take the old one's place. */
export function isBetter({ examples, onlyAfter, onlyBefore, chance }: HeadComparison): boolean {
  return examples >= LEAST_HELD_OUT && onlyAfter > onlyBefore && chance <= LARGEST_CHANCE;
}
