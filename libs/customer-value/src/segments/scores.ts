import type { Rfm } from '../sales/rfm.js';

/** The lowest value that gets score 2, 3, 4 and 5; Infinity where no value does. */
export type ScoreCuts = readonly [number, number, number, number];

/** Cuts of the three measures, taken from a whole population and kept until the next nightly run. */
export interface RfmCuts {
  /** Of minus the recency, so that more is better here too. */
  readonly recency: ScoreCuts;
  readonly frequency: ScoreCuts;
  readonly monetary: ScoreCuts;
}

/** Each 1 (worst fifth) to 5 (best fifth). */
export interface RfmScores {
  readonly recency: number;
  readonly frequency: number;
  readonly monetary: number;
}

/** Fifths by rank. Equal values share the middle of their ranks and so get one score, however many they are:
 *  when 60 % of the customers bought once, all of them score 2, and no order of reading decides. */
export function scoreCuts(values: readonly number[]): ScoreCuts {
  const sorted = Float64Array.from(values).sort();
  const cuts: [number, number, number, number] = [Infinity, Infinity, Infinity, Infinity];
  for (let first = 0; first < sorted.length;) {
    const value = sorted[first] ?? 0;
    let end = first + 1;
    while (end < sorted.length && sorted[end] === value) end += 1;
    const score = Math.min(5, 1 + Math.floor((5 * (first + end)) / (2 * sorted.length)));
    for (let reached = 2; reached <= score; reached += 1)
      cuts[reached - 2] = Math.min(cuts[reached - 2] ?? Infinity, value);
    first = end;
  }
  return cuts;
}

/** 1 to 5. */
export function scoreOf(value: number, cuts: ScoreCuts): number {
  return 1 + cuts.filter((cut) => value >= cut).length;
}

export function rfmCuts(population: readonly Rfm[]): RfmCuts {
  return {
    recency: scoreCuts(population.map(({ recencyDays }) => -recencyDays)),
    frequency: scoreCuts(population.map(({ frequency }) => frequency)),
    monetary: scoreCuts(population.map(({ monetaryMinor }) => monetaryMinor)),
  };
}

export function rfmScores(rfm: Rfm, cuts: RfmCuts): RfmScores {
  return {
    recency: scoreOf(-rfm.recencyDays, cuts.recency),
    frequency: scoreOf(rfm.frequency, cuts.frequency),
    monetary: scoreOf(rfm.monetaryMinor, cuts.monetary),
  };
}
