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
/** With a limit. */
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
 *  each taught by one of the teachers and by those weights; the mean of the students, from which both go on for a
 *  while at the side that the net is used at; the mean of these beside
 *  the first teacher under one head. With a limit a short way through the same steps. */
export function stepsOf(training: Omit<BetterTraining, 'labels'> & { readonly labels: string }): Step[] {
  const { data, labels, outDir, seed, limit } = training;
  const at = (...names: string[]): string => join(outDir, ...names);
  const common = [
    '--archive',
    data,
    '--labels',
    labels,
    ...(limit === null ? [] : ['--limit', String(limit)]),
  ];
  const pictures = ['--pictures', at('ferplus.npz')];
  const weights = ['--weights', outDir];
  const begun = { checkpoint: at('begun.pt'), teacher: at('begun.ts') };
  const [small, large] = [at('teacher-104', 'teacher.ts'), at('teacher-128', 'teacher.ts')];
  const numbered = (add: number): string[] => ['--seed', String(seed + add)];
  const teach = (name: string, epochs: number, rest: readonly string[]): Step => ({
    script: 'teach.py',
    args: [...common, '--out', at(name), '--epochs', String(limit === null ? epochs : 1), ...rest],
  });
  const train = (name: string, { from, plan, teachers, rest }: Student): Step => ({
    script: 'train.py',
    args: [
      ...[...common, '--out', at(name), '--from', from, '--plan', limit === null ? plan : SHORT_PLAN],
      ...teachers.flatMap((teacher) => ['--teacher', teacher]),
      ...['--covers', '1', '--dropout', '0.1', ...rest],
    ],
  });
  const mean = (out: string, ...names: string[]): Step => ({
    script: 'soup.py',
    args: [
      ...names.flatMap((name) => ['--checkpoint', at(name, 'checkpoint.pt')]),
      ...pictures,
      '--out',
      at(out),
    ],
  });
  const first = { from: begun.checkpoint, plan: '80x6,96x3' };
  const again = { from: at('mean.pt'), plan: '80x4' };
  const gentle = ['--peak', '4e-4', '--strength', '0.4'];
  return [
    teach('teacher-104', 10, numbered(0)),
    teach('teacher-128', 9, ['--side', '128', '--blots', '0.3', ...numbered(1)]),
    {
      script: 'unfold.py',
      args: ['--weights', WEIGHTS, ...pictures, '--checkpoint', begun.checkpoint, '--teacher', begun.teacher],
    },
    train('a', {
      ...{ ...first, teachers: [small, begun.teacher] },
      rest: ['--peak', '6e-4', '--strength', '0.5', ...numbered(10)],
    }),
    train('b', {
      ...{ ...first, teachers: [large, begun.teacher] },
      rest: ['--peak', '8e-4', '--strength', '0.7', '--pair', '0.3', ...numbered(22)],
    }),
    mean('mean.pt', 'a', 'b'),
    train('c', { ...again, teachers: [small, begun.teacher], rest: [...gentle, ...numbered(30)] }),
    train('d', { ...again, teachers: [small, large], rest: [...gentle, ...numbered(31)] }),
    mean('last.pt', 'c', 'd'),
    {
      script: 'export.py',
      args: [
        '--checkpoint',
        at('last.pt'),
        '--face',
        at('teacher-104', 'checkpoint.pt'),
        ...weights,
        '--golden',
        outDir,
      ],
    },
    { script: 'choose.py', args: [...pictures, ...weights] },
  ];
}

interface Student {
  /** Checkpoint. */
  readonly from: string;
  /** Sides in px and epochs at each. */
  readonly plan: string;
  readonly teachers: readonly string[];
  readonly rest: readonly string[];
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
