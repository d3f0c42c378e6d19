/** One face with a known truth: 1 satisfied, 0 dissatisfied, and how likely the first was said to be. */
export interface TwoClassScore {
  readonly satisfied: boolean;
  /** 0 to 1. */
  readonly score: number;
}

const share = (count: number, of: number): number => (of === 0 ? NaN : count / of);

/** Share read rightly when one of the two is forced at .5. */
export function accuracyOf(scores: readonly TwoClassScore[]): number {
  return share(scores.filter(({ satisfied, score }) => score >= 0.5 === satisfied).length, scores.length);
}

/** How often a satisfied face scores above a dissatisfied one, ties counting half. NaN without both. */
export function aucOf(scores: readonly TwoClassScore[]): number {
  const sorted = [...scores].sort((a, b) => a.score - b.score);
  let [rankSum, positives] = [0, 0];
  for (let from = 0; from < sorted.length;) {
    let to = from;
    while (to < sorted.length && sorted[to]?.score === sorted[from]?.score) to += 1;
    const meanRank = (from + 1 + to) / 2;
    for (const { satisfied } of sorted.slice(from, to)) {
      if (!satisfied) continue;
      rankSum += meanRank;
      positives += 1;
    }
    from = to;
  }
  const negatives = sorted.length - positives;
  return share(rankSum - (positives * (positives + 1)) / 2, positives * negatives);
}

export interface ClassReport {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly support: number;
}

/** Precision, recall and F1 of each class, as scikit-learn's classification report defines them. */
export function reportOf(scores: readonly TwoClassScore[]): {
  satisfied: ClassReport;
  dissatisfied: ClassReport;
} {
  const of = (wanted: boolean): ClassReport => {
    const support = scores.filter(({ satisfied }) => satisfied === wanted).length;
    const said = scores.filter(({ score }) => score >= 0.5 === wanted);
    const right = said.filter(({ satisfied }) => satisfied === wanted).length;
    const [precision, recall] = [share(right, said.length), share(right, support)];
    const sum = precision + recall;
    return { precision, recall, f1: sum > 0 ? (2 * precision * recall) / sum : 0, support };
  };
  return { satisfied: of(true), dissatisfied: of(false) };
}

export function macroF1Of(scores: readonly TwoClassScore[]): number {
  const { satisfied, dissatisfied } = reportOf(scores);
  return (satisfied.f1 + dissatisfied.f1) / 2;
}

const BINS = 15;

/** Expected calibration error of the class read (Guo et al. 2017): 15 bins of even width over the confidence. */
export function calibrationErrorOf(scores: readonly TwoClassScore[]): number {
  const bins = Array.from({ length: BINS }, () => ({ confidence: 0, right: 0, count: 0 }));
  for (const { satisfied, score } of scores) {
    const confidence = Math.max(score, 1 - score);
    const bin = bins[Math.min(BINS - 1, Math.floor(confidence * BINS))];
    if (bin === undefined) continue;
    bin.confidence += confidence;
    bin.right += score >= 0.5 === satisfied ? 1 : 0;
    bin.count += 1;
  }
  const gaps = bins.map(({ confidence, right }) => Math.abs(confidence - right));
  return share(
    gaps.reduce((sum, gap) => sum + gap, 0),
    scores.length,
  );
}

/** To four digits, for printing; null where there is nothing to measure. */
export function rounded(value: number): number | null {
  return Number.isNaN(value) ? null : Math.round(value * 1e4) / 1e4;
}
