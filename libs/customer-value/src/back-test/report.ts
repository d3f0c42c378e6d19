import { randomOf } from '@regulars/contracts/random';
import type { BackTestReport, Figure } from './back-test-report.js';
import { measurable, METRICS, type Figures, type Metric } from './figures.js';
import type { OriginForecasts } from './origin.js';

/** The model that others are compared with. */
export const REFERENCE = 'bg-nbd';

/** Ratios to the reference, at equal totals, and the score by which the champion is chosen: the mean logarithm of the
 *  ratios to the reference of these, each the lower the better. */
const SCORED: readonly Metric[] = ['churnLogLoss', 'maeEqualTotal', 'rmseEqualTotal', 'classLogLoss'];
const RATIOS = { maeRatio: 'maeEqualTotal', rmseRatio: 'rmseEqualTotal' } as const;
type Derived = keyof typeof RATIOS | 'score';
type Named = Partial<Record<Metric | Derived, number>>;

/** Differences that are told: what an input or a part adds. */
const GAINS = [
  ['lstm', 'bg-nbd-all'],
  ['boosting', 'bg-nbd-all'],
  ['ensemble', 'boosting'],
  ['boosting', 'boosting-without-signals'],
  ['ensemble', 'ensemble-without-signals'],
] as const;

export type Report = Omit<BackTestReport, 'champion'>;

export interface BootstrapOptions {
  readonly draws: number;
  readonly seed: number;
}

/** Draws of a bootstrap: fewer where there are many customers, whose intervals are narrow anyway. */
export const BOOTSTRAP: BootstrapOptions = { draws: 200, seed: 1 };

/** The mean over the origins of each model's figures, with 95 % intervals by drawing customers with replacement; a
 *  customer is drawn at all origins at once, because it is the same one.
 *  @param customers rows of the series */
export function reportOf(
  origins: readonly OriginForecasts[],
  customers: number,
  { draws, seed }: BootstrapOptions = BOOTSTRAP,
): Report {
  const measured = origins.map(({ rows, actual, models }) => ({
    rows,
    models: [...models].map(([name, forecast]) => [name, measurable(forecast, actual)] as const),
  }));
  const figuresAt = (weightOf: (row: number) => number) =>
    measured.map(({ rows, models }) => {
      const weights = Float64Array.from(rows, weightOf);
      return Object.fromEntries(models.map(([name, measure]) => [name, measure(weights)]));
    });
  const plain = figuresAt(() => 1);
  const values = namedOf(plain);
  const random = randomOf(seed);
  const drawn = Array.from({ length: draws }, () => {
    const counts = new Uint16Array(customers);
    for (let draw = 0; draw < customers; draw += 1) {
      const row = Math.floor(random() * customers);
      counts[row] = (counts[row] ?? 0) + 1;
    }
    return namedOf(figuresAt((row) => counts[row] ?? 0));
  });
  return {
    models: Object.fromEntries(
      Object.entries(values).map(([name, figures]) => [
        name,
        mapFigures(figures, (value, metric) =>
          figureOf(
            value,
            drawn.map((each) => each[name]?.[metric]),
          ),
        ),
      ]),
    ),
    origins: origins.map(({ origin }, index) => ({
      origin,
      models: plain[index] ?? {},
    })) as Report['origins'],
    gains: GAINS.filter(([one, other]) => one in values && other in values).map(([one, other]) => ({
      with: one,
      without: other,
      metrics: mapFigures(values[one] ?? {}, (value, metric) =>
        figureOf(
          value - (values[other]?.[metric] ?? NaN),
          drawn.map((each) => (each[one]?.[metric] ?? NaN) - (each[other]?.[metric] ?? NaN)),
        ),
      ),
    })),
    missing: missingOf(origins),
  };
}

/** Only metrics that a model has at all origins, so that means are of the same things. */
function namedOf(origins: readonly Record<string, Figures>[]): Record<string, Named> {
  const names = [...new Set(origins.flatMap((models) => Object.keys(models)))];
  const means = Object.fromEntries(
    names
      .filter((name) => origins.every((models) => name in models))
      .map((name): [string, Named] => {
        const own: Named = {};
        for (const metric of METRICS) {
          const values = origins.flatMap((models) => models[name]?.[metric] ?? []);
          if (values.length === origins.length)
            own[metric] = values.reduce((sum, value) => sum + value, 0) / values.length;
        }
        return [name, own];
      }),
  );
  const reference = means[REFERENCE] ?? {};
  for (const own of Object.values(means)) {
    const ratio = (metric: Metric): number => (own[metric] ?? NaN) / (reference[metric] ?? NaN);
    for (const [name, metric] of Object.entries(RATIOS) as [keyof typeof RATIOS, Metric][])
      if (Number.isFinite(ratio(metric))) own[name] = ratio(metric);
    const logs = SCORED.map((metric) => Math.log(ratio(metric))).filter(Number.isFinite);
    if (logs.length === SCORED.length) own.score = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  }
  return means;
}

function mapFigures(
  figures: Named,
  figureOfMetric: (value: number, metric: keyof Named) => Figure,
): Record<string, Figure> {
  const told = Object.entries(figures).map(
    ([metric, value]) => [metric, figureOfMetric(value, metric as keyof Named)] as const,
  );
  return Object.fromEntries(told.filter(([, { value }]) => Number.isFinite(value)));
}

/** With the interval that holds 95 % of the draws; without one where too few draws have a value. */
function figureOf(value: number, draws: readonly (number | undefined)[]): Figure {
  const known = draws.filter((draw) => draw !== undefined && Number.isFinite(draw)) as number[];
  known.sort((one, other) => one - other);
  if (known.length < 40) return { value, low: null, high: null };
  const at = (share: number) => known[Math.round(share * (known.length - 1))] ?? value;
  return { value, low: at(0.025), high: at(0.975) };
}

function missingOf(origins: readonly OriginForecasts[]): Report['missing'] {
  const reasons = new Map<string, { what: string; why: string; origins: number }>();
  for (const { missing } of origins)
    for (const { what, why } of missing) {
      const known = reasons.get(what);
      reasons.set(what, { what, why, origins: (known?.origins ?? 0) + 1 });
    }
  return [...reasons.values()].map(({ what, why, origins: count }) => ({
    what,
    why: count === origins.length ? why : `${why} (at ${count} of ${origins.length} origins)`,
  }));
}
