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
}

const SCRIPTS = join(ROOT, 'training', 'expression');

/** Runs training/expression with a Python that has PyTorch, after the data were looked at; its own output is shown.
 *  It trains on FER+'s archive and votes only.
 *  @throws DatasetError when there is no such Python, or the data are not FER+'s */
export async function trainBetterRecipe(training: BetterTraining): Promise<void> {
  const { data, labels, outDir, seed, python } = training;
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
  const common = ['--archive', data, '--labels', labels, '--seed', String(seed)];
  const teacher = join(outDir, 'teacher', 'teacher.ts');
  await mustRun(python, [join(SCRIPTS, 'teach.py'), ...common, '--out', join(outDir, 'teacher')]);
  await mustRun(python, [
    join(SCRIPTS, 'train.py'),
    ...common,
    '--out',
    join(outDir, 'student'),
    '--teacher',
    teacher,
  ]);
  const files = ['--weights', join(outDir, 'satisfaction.weights'), '--golden', outDir];
  await mustRun(python, [
    join(SCRIPTS, 'export.py'),
    '--checkpoint',
    join(outDir, 'student', 'checkpoint.pt'),
    ...files,
  ]);
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
