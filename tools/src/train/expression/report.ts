import type { HeadProgress } from '@regulars/vision';
import {
  accuracyOf,
  aucOf,
  calibrationErrorOf,
  macroF1Of,
  reportOf,
  rounded,
  type TwoClassScore,
} from '../../faces-data/figures.js';
import { escaped, figure, page, table } from '../../faces-data/html.js';
import { auditLines, type Audit, type Example } from './audit.js';
import type { Side } from './split.js';

export interface Report {
  readonly title: string;
  readonly audit: Audit;
  readonly examples: readonly Example[];
  readonly sides: readonly Side[];
  /** Probability of satisfied for each example. */
  readonly scores: Float32Array;
  readonly progress: readonly HeadProgress[];
  /** The epoch whose head was taken. */
  readonly taken: number;
  readonly augmentedPictures: number;
}

const MOST_ERRORS = 60;

/** The scores of one side. */
export function scoresOf({ examples, sides, scores }: Report, side: Side): TwoClassScore[] {
  return examples.flatMap(({ satisfied }, index) =>
    sides[index] === side ? [{ satisfied, score: scores[index] ?? 0.5 }] : [],
  );
}

/** One HTML page without anything from elsewhere: audit, curves, confusion matrix, classification report and the
 *  errors of the test side as pictures. */
export function reportPage(report: Report): string {
  const test = scoresOf(report, 'test');
  const figures = [
    ['accuracy', accuracyOf(test)],
    ['AUC', aucOf(test)],
    ['macro F1', macroF1Of(test)],
    ['calibration error', calibrationErrorOf(test)],
  ].map(([name, value]) => [String(name), String(rounded(Number(value)) ?? '-')]);
  return page(
    report.title,
    `<h2>Data</h2><ul>${auditLines(report.audit)
      .map((line) => `<li>${escaped(line)}</li>`)
      .join('')}</ul>
<p>Split before augmentation: ${countsOf(report.sides)}; ${report.augmentedPictures} training pictures after augmentation.</p>
<h2>Training</h2><p>Head of epoch ${report.taken} taken, of ${report.progress.length} run.</p>
${curve('Loss', report.progress, ({ loss }) => loss)} ${curve('Accuracy', report.progress, ({ accuracy }) => accuracy)}
<h2>Test pictures, looked at once</h2>
${table([['figure', 'value'], ...figures])}
<h3>Confusion matrix</h3>${table(confusion(test))}
<h3>Classification report</h3>${table(classRows(test))}
<h3>Errors of the test side, the surest first</h3>${errorFigures(report)}`,
  );
}

function countsOf(sides: readonly Side[]): string {
  const count = (side: Side): number => sides.filter((one) => one === side).length;
  return `training ${count('training')}, validation ${count('validation')}, test ${count('test')}`;
}

function confusion(scores: readonly TwoClassScore[]): string[][] {
  const count = (satisfied: boolean, said: boolean): string =>
    String(scores.filter((one) => one.satisfied === satisfied && one.score >= 0.5 === said).length);
  return [
    ['is \\ read as', 'satisfied', 'dissatisfied'],
    ['satisfied', count(true, true), count(true, false)],
    ['dissatisfied', count(false, true), count(false, false)],
  ];
}

function classRows(scores: readonly TwoClassScore[]): string[][] {
  const rows = Object.entries(reportOf(scores)).map(([name, { precision, recall, f1, support }]) => [
    name,
    ...[precision, recall, f1].map((value) => String(rounded(value) ?? '-')),
    String(support),
  ]);
  return [['class', 'precision', 'recall', 'F1', 'pictures'], ...rows];
}

const [WIDTH, HEIGHT, EDGE] = [420, 240, 36];

/** Training and validation over the epochs. */
function curve(
  name: string,
  progress: readonly HeadProgress[],
  of: (figures: HeadProgress['training']) => number,
): string {
  const lines = [
    { label: 'training', colour: '#1f77b4', values: progress.map(({ training }) => of(training)) },
    {
      label: 'validation',
      colour: '#d62728',
      values: progress.flatMap(({ validation }) => (validation ? [of(validation)] : [])),
    },
  ];
  const all = lines.flatMap(({ values }) => values);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const x = (index: number): number =>
    EDGE + (index / Math.max(1, progress.length - 1)) * (WIDTH - EDGE - 10);
  const y = (value: number): number =>
    HEIGHT - EDGE - ((value - low) / (high - low || 1)) * (HEIGHT - EDGE - 24);
  const paths = lines.map(({ label, colour, values }, at) => {
    const points = values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
    return `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points}"/><text x="${EDGE + 90 * at + 70}" y="16" fill="${colour}">${label}</text>`;
  });
  return `<svg role="img" aria-label="${name} by epoch" width="${WIDTH}" height="${HEIGHT}" font-size="12"><text x="6" y="16">${name}</text><text x="2" y="${y(high) + 4}">${high.toFixed(2)}</text><text x="2" y="${y(low) + 4}">${low.toFixed(2)}</text><text x="${WIDTH - 90}" y="${HEIGHT - 10}">epoch ${progress.length}</text>${paths.join('')}</svg>`;
}

function errorFigures({ examples, sides, scores }: Report): string {
  const wrong = examples
    .map((example, index) => ({ example, score: scores[index] ?? 0.5, side: sides[index] }))
    .filter(({ example, score, side }) => side === 'test' && score >= 0.5 !== example.satisfied)
    .sort((a, b) => Math.abs(b.score - 0.5) - Math.abs(a.score - 0.5));
  const shown = wrong.slice(0, MOST_ERRORS).map(({ example, score }) => {
    const said = score >= 0.5 ? 'satisfied' : 'dissatisfied';
    const sure = Math.round(Math.max(score, 1 - score) * 100);
    const lines = [`read as ${said}, ${sure} %`, example.name.split('/').at(-1) ?? ''];
    return figure(example.bytes, mimeOf(example.name), lines);
  });
  return `<p>${wrong.length} of them${wrong.length > MOST_ERRORS ? `, the first ${MOST_ERRORS} shown` : ''}.</p>${shown.join('')}`;
}

const mimeOf = (name: string): string =>
  /\.png$/i.test(name) ? 'image/png' : /\.webp$/i.test(name) ? 'image/webp' : 'image/jpeg';
