import type { BackTestReport, Evaluation } from '@regulars/customer-value';

/** Metrics of the last line, in its order. */
export const TOLD = [
  'churnAuc',
  'churnLogLoss',
  'maeRatio',
  'rmseRatio',
  'captureTop10',
  'classAccuracy',
  'changeAuc',
  'classLogLoss',
  'macroF1',
] as const;

/** Columns of the table; money in the currency's major unit. */
const COLUMNS: readonly (readonly [metric: string, heading: string, digits: number, isMoney: boolean])[] = [
  ['churnAuc', 'churn AUC', 4, false],
  ['churnLogLoss', 'churn log-loss', 4, false],
  ['mae', 'MAE', 1, true],
  ['rmse', 'RMSE', 1, true],
  ['totalRatio', 'forecast / actual total', 3, false],
  ['maeEqualTotal', 'MAE at equal total', 1, true],
  ['rmseEqualTotal', 'RMSE at equal total', 1, true],
  ['maeRatio', 'MAE ratio', 4, false],
  ['rmseRatio', 'RMSE ratio', 4, false],
  ['captureTop10', 'top 10 % capture', 4, false],
  ['classAccuracy', 'class accuracy', 4, false],
  ['changeAuc', 'change AUC', 4, false],
  ['classLogLoss', 'class log-loss', 4, false],
  ['macroF1', 'macro-F1', 4, false],
  ['score', 'score', 4, false],
];

type Figures = BackTestReport['models'][string];

/** One block for each model: on a terminal fifteen columns with intervals do not fit beside each other.
 *  @param perUnit minor units in a major one */
export function tableOf(models: BackTestReport['models'], perUnit: number): string {
  return COLUMNS.flatMap(([metric, heading, digits, isMoney]) => {
    const rows = Object.entries(models).flatMap(([model, figures]) => {
      const text = figureText(figures, metric, { digits, by: isMoney ? perUnit : 1 });
      return [`  ${model.padEnd(26)} ${text}`];
    });
    return [heading, ...rows];
  }).join('\n');
}

/** Gains with their intervals, a line for each metric. */
export function gainsText({ gains }: BackTestReport, perUnit: number): string {
  return gains
    .flatMap(({ with: one, without, metrics }) => [
      `${one} less ${without}`,
      ...COLUMNS.filter(([metric]) => metric in metrics).map(
        ([metric, heading, digits, isMoney]) =>
          `  ${heading.padEnd(26)} ${figureText(metrics, metric, { digits: digits + 1, by: isMoney ? perUnit : 1 })}`,
      ),
    ])
    .join('\n');
}

function figureText(
  figures: Figures,
  metric: string,
  { digits, by }: { readonly digits: number; readonly by: number },
): string {
  const figure = figures[metric];
  if (figure === undefined) return '-';
  const text = (value: number) => (value / by).toFixed(digits);
  const { value, low, high } = figure;
  return low === null || high === null ? text(value) : `${text(value)} [${text(low)}, ${text(high)}]`;
}

/** The last line: the champion's figures, and the same for each model; null where a figure cannot be computed. */
export function lineOf(
  evaluation: Evaluation | null,
  horizonDays: number | null,
  reasons: readonly string[],
): object {
  const models = evaluation?.report.models ?? {};
  const champion = evaluation?.report.champion ?? 'bg-nbd';
  return {
    champion,
    ...toldOf(models[champion] ?? {}),
    models: Object.fromEntries(Object.entries(models).map(([model, figures]) => [model, toldOf(figures)])),
    note: evaluation?.note ?? null,
    origins: evaluation?.report.origins.map(({ origin }) => origin) ?? [],
    chosenAt: evaluation?.chosenAt ?? [],
    horizonDays,
    intervalCoverage: rounded(evaluation?.coverage ?? null),
    missing: [...(evaluation?.report.missing ?? []).map(({ what, why }) => `${what}: ${why}`), ...reasons],
  };
}

function toldOf(figures: Figures): Record<(typeof TOLD)[number], number | null> {
  const entries = TOLD.map((metric) => [metric, rounded(figures[metric]?.value ?? null)] as const);
  return Object.fromEntries(entries) as Record<(typeof TOLD)[number], number | null>;
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1e4) / 1e4;
}
