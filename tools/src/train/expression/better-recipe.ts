import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatasetError } from '../../faces-data/dataset-error.js';
import { readDataset, type DatasetOptions } from '../../faces-data/dataset.js';
import { ROOT } from '../../root.js';

export interface BetterTraining extends DatasetOptions {
  readonly outDir: string;
  readonly seed: number;
  readonly python: string;
  /** Pictures to train on, to try the way through; null for all. */
  readonly limit: number | null;
}

const SCRIPTS = join(ROOT, 'training', 'expression');
const WEIGHTS = join(ROOT, 'models', 'weights', 'satisfaction.weights');
/** Sides in px and epochs at each. */
const PLAN = '80x6,96x3';
const SHORT_PLAN = '80x1';

/** Runs training/expression with a Python that has PyTorch, after the data were looked at; its own output is shown.
 *  It trains on FER+'s archive and votes only.
 *  @throws DatasetError when there is no such Python, or the data are not FER+'s */
export async function trainBetterRecipe(training: BetterTraining): Promise<void> {
  const { labels, outDir, python } = training;
  if (labels === null) {
    throw new DatasetError(
      'LABELS_MISSING',
      '--labels',
      "the recipe needs FER+'s table of votes",
      'Give --labels fer2013new.csv; see training/README.md.',
    );
  }
  await readDataset(training);
  if ((await run(python, ['-c', 'import torch, numpy, PIL, onnx'], 'ignore')) !== 0) {
    throw new DatasetError(
      'PYTHON_MISSING',
      '--python',
      `${python} has no PyTorch, NumPy, Pillow and onnx`,
      'Make one as training/README.md says and name it: --python VENV/bin/python.',
    );
  }
  await mkdir(outDir, { recursive: true });
  for (const { script, args } of stepsOf({ ...training, labels }))
    await mustRun(python, [join(SCRIPTS, script), ...args]);
}

interface Step {
  readonly script: string;
  readonly args: readonly string[];
}

/** The way of the shipped weights: two teachers that know faces; two students, both from the weights shipped before,
 *  each taught by one of the teachers and by those weights; the mean of the students. With a limit a short way
 *  through the same steps. */
export function stepsOf(training: Omit<BetterTraining, 'labels'> & { readonly labels: string }): Step[] {
  const { data, labels, outDir, seed, limit } = training;
  const at = (...names: string[]): string => join(outDir, ...names);
  const begun = { checkpoint: at('begun.pt'), teacher: at('begun.ts') };
  const common = [
    '--archive',
    data,
    '--labels',
    labels,
    ...(limit === null ? [] : ['--limit', String(limit)]),
  ];
  const teach = (name: string, epochs: number, rest: readonly string[]): Step => ({
    script: 'teach.py',
    args: [...common, '--out', at(name), '--epochs', String(limit === null ? epochs : 1), ...rest],
  });
  const train = (name: string, teacher: string, rest: readonly string[]): Step => ({
    script: 'train.py',
    args: [
      ...[
        ...common,
        '--out',
        at(name),
        '--from',
        begun.checkpoint,
        '--plan',
        limit === null ? PLAN : SHORT_PLAN,
      ],
      ...['--teacher', at(teacher, 'teacher.ts'), '--teacher', begun.teacher],
      ...['--covers', '1', '--dropout', '0.1', ...rest],
    ],
  });
  const numbered = (add: number): string[] => ['--seed', String(seed + add)];
  const pictures = ['--pictures', at('ferplus.npz')];
  const students = [
    '--checkpoint',
    at('first', 'checkpoint.pt'),
    '--checkpoint',
    at('second', 'checkpoint.pt'),
  ];
  const weights = ['--weights', at('satisfaction.weights')];
  return [
    teach('teacher-104', 10, numbered(0)),
    teach('teacher-128', 9, ['--side', '128', '--blots', '0.3', ...numbered(1)]),
    {
      script: 'unfold.py',
      args: ['--weights', WEIGHTS, ...pictures, '--checkpoint', begun.checkpoint, '--teacher', begun.teacher],
    },
    train('first', 'teacher-104', ['--peak', '6e-4', '--strength', '0.5', ...numbered(10)]),
    train('second', 'teacher-128', ['--peak', '8e-4', '--strength', '0.7', '--pair', '0.3', ...numbered(22)]),
    { script: 'soup.py', args: [...students, ...pictures, '--out', at('mean.pt')] },
    { script: 'export.py', args: ['--checkpoint', at('mean.pt'), ...weights, '--golden', outDir] },
    { script: 'choose.py', args: [...pictures, ...weights] },
  ];
}

/** @returns the exit code; 127 when there is no such program */
async function run(program: string, args: readonly string[], stdio: 'inherit' | 'ignore'): Promise<number> {
  const child = spawn(program, args, { stdio });
  return Promise.race([
    once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : 1)),
    once(child, 'error').then(() => 127),
  ]);
}

async function mustRun(python: string, args: readonly string[]): Promise<void> {
  const code = await run(python, args, 'inherit');
  if (code !== 0)
    throw new Error(`${args[0] ?? python} ended with ${code}; run the same command again to go on`);
}
