import { rounded } from '../../faces-data/figures.js';
import type { NetFigures, VariantFigures } from './measure-net.js';

type Table = (string | number)[][];

const cell = (value: number): string | number => rounded(value) ?? '-';

/** Precision, recall and F1 of each class. */
export function classTable({ plain: { report } }: NetFigures): Table {
  return [
    ['class', 'precision', 'recall', 'F1', 'faces'],
    ...Object.entries(report).map(([name, { precision, recall, f1, support }]) => [
      name,
      ...[precision, recall, f1].map(cell),
      support,
    ]),
  ];
}

/** One net over the same faces as they are, behind a mask, and smaller. */
export function variantTable({ plain, masked, widths }: NetFigures): Table {
  const row = (name: string, figures: VariantFigures): (string | number)[] => [
    name,
    ...[figures.accuracy, figures.auc, figures.macroF1, figures.ece].map(cell),
    ...[figures.abstained, figures.acceptedAccuracy, figures.called, figures.calledAccuracy].map(cell),
    ...[figures.neutralReadAsDissatisfied, figures.neutralReadAsSatisfied].map(cell),
    reasonsOf(figures),
  ];
  return [
    [
      ...[
        'faces',
        'accuracy',
        'AUC',
        'macro F1',
        'ECE',
        'abstained',
        'accuracy of the rest',
        'called',
        'of these right',
      ],
      ...['neutral read as dissatisfied', 'as satisfied', 'abstentions'],
    ],
    row('as they are', plain),
    row('behind a mask', masked),
    ...widths.map(({ widthPx, figures }) => row(`${widthPx} px wide`, figures)),
  ];
}

const reasonsOf = ({ reasons }: VariantFigures): string =>
  Object.entries(reasons)
    .map(([reason, count]) => `${reason} ${count}`)
    .join(', ') || '-';

/** Nets side by side. */
export function comparisonTable(figures: readonly NetFigures[]): Table {
  return [
    ['net', 'n', 'accuracy', 'AUC', 'ECE', 'neutral read as dissatisfied', 'masked: accuracy of all'],
    ...figures.map(({ name, plain, masked }) => [
      name,
      plain.n,
      ...[plain.accuracy, plain.auc, plain.ece, plain.neutralReadAsDissatisfied, masked.accuracy].map(cell),
    ]),
  ];
}
