import { randomOf } from '@regulars/contracts/random';

/** Numbers from a seed: the same seed gives the same shop. */
export class Random {
  /** In 0 to 1, without 1. */
  readonly next: () => number;

  /** @param seed whole number, 0 to 4294967295 */
  constructor(seed: number) {
    this.next = randomOf(seed);
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** Whole number from 0 to `count` - 1. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** @throws Error when there is nothing to choose from */
  pick<T>(among: readonly T[]): T {
    const chosen = among[this.below(among.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  }
}
