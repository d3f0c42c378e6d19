import type { Plan, Search } from './identification-draw.js';

/** What one draw showed. */
export interface DrawFigures {
  readonly mated: number;
  readonly strangers: number;
  readonly fnirAtFpir1e2: number;
  readonly fnirAtFpir1e3: number;
  readonly fpirPredicted: number;
  readonly fpirObserved: number;
  /** At the budget's threshold. */
  readonly fnir: number;
  readonly threshold: number;
}

/** Rates of ISO/IEC 19795-1: FPIR, the share of searches for strangers that name somebody; FNIR, the share of
 *  searches for enrolled people that do not name them. */
export function drawFigures(
  searches: readonly Search[],
  { threshold, predicted }: { readonly threshold: number; readonly predicted: number },
): DrawFigures {
  const strangers = searches.filter(({ isStranger }) => isStranger);
  const mated = searches.filter(({ isStranger }) => !isStranger);
  const nearest = strangers.map(({ distance }) => distance).sort((one, other) => one - other);
  const missedBelow = (limit: number): number =>
    mated.filter(({ isRight, distance }) => !(isRight && distance < limit)).length / mated.length;
  const at = (rate: number): number => nearest[Math.floor(rate * nearest.length)] ?? Infinity;
  return {
    mated: mated.length,
    strangers: strangers.length,
    fnirAtFpir1e2: missedBelow(at(1e-2)),
    fnirAtFpir1e3: missedBelow(at(1e-3)),
    fpirPredicted: predicted,
    fpirObserved: nearest.filter((distance) => distance < threshold).length / nearest.length,
    fnir: missedBelow(threshold),
    threshold,
  };
}

/** The last line that the evaluation prints. */
export interface Result {
  readonly enrolled: number;
  readonly galleryViews: number;
  readonly probeViews: number;
  /** Searches a draw for enrolled people and for strangers, in the mean. */
  readonly mated: number;
  readonly strangers: number;
  readonly fnirAtFpir1e2: number;
  readonly fnirAtFpir1e3: number;
  readonly fpirPredicted: number;
  readonly fpirObserved: number;
}

export interface Summary {
  readonly result: Result;
  readonly text: string;
}

/** Means over the draws, with the interval of each rate. */
export function summaryOf(plan: Plan, draws: readonly DrawFigures[]): Summary {
  const mean = (key: keyof DrawFigures): number =>
    draws.reduce((sum, figures) => sum + figures[key], 0) / draws.length;
  const result = {
    ...plan,
    mated: Math.round(mean('mated')),
    strangers: Math.round(mean('strangers')),
    fnirAtFpir1e2: round(mean('fnirAtFpir1e2')),
    fnirAtFpir1e3: round(mean('fnirAtFpir1e3')),
    fpirPredicted: round(mean('fpirPredicted')),
    fpirObserved: round(mean('fpirObserved')),
  };
  const line = (name: string, key: keyof DrawFigures, size: number): string => {
    const [from, to] = wilson(mean(key), size);
    const all = draws.map((figures) => figures[key]);
    const range = `${round(Math.min(...all))} to ${round(Math.max(...all))} over the draws`;
    return `  ${name}: ${round(mean(key))}, 95 % interval of one draw ${round(from)} to ${round(to)}, ${range}`;
  };
  const { enrolled, galleryViews, probeViews } = plan;
  const text = [
    `${enrolled} enrolled with ${galleryViews} views, probes of ${probeViews}; ${draws.length} draws, in each ${result.mated} searches for them and ${result.strangers} for strangers`,
    line('FNIR at FPIR 1 %', 'fnirAtFpir1e2', result.mated),
    line('FNIR at FPIR 0.1 %', 'fnirAtFpir1e3', result.mated),
    line("FPIR at the budget's threshold", 'fpirObserved', result.strangers),
    `    predicted ${round(mean('fpirPredicted'))}; distance ${round(mean('threshold'))}, FNIR there ${round(mean('fnir'))}`,
  ].join('\n');
  return { result, text };
}

const Z = 1.96;

/** Wilson's interval of a share, 95 %. */
export function wilson(share: number, size: number): readonly [number, number] {
  if (size === 0) return [0, 1];
  const middle = (share + (Z * Z) / (2 * size)) / (1 + (Z * Z) / size);
  const half =
    (Z / (1 + (Z * Z) / size)) * Math.sqrt((share * (1 - share)) / size + (Z * Z) / (4 * size * size));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;
