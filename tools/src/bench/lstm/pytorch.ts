import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../../root.js';
import { SIZE } from './epochs.js';

const SCRIPT = join(ROOT, 'tools/src/bench/lstm/pytorch.py');

/** The same epochs by PyTorch, in a process of its own. */
export interface PyTorch {
  readonly version: string;
  /** CPU seconds of one epoch. */
  epoch(hidden: number): Promise<number>;
  stop(): void;
}

/** @param python an interpreter; `python3` when absent
 *  @returns null where that cannot import torch
 *  @throws Error when an interpreter was named and cannot */
export async function openPyTorch(python: string | undefined): Promise<PyTorch | null> {
  const command = python ?? 'python3';
  if (spawnSync(command, ['-c', 'import torch'], { stdio: 'ignore' }).status !== 0) {
    if (python === undefined) return null;
    throw new Error(`${python} cannot import torch`);
  }
  const { sequences, steps, inputs, outputs, batch } = SIZE;
  const sizes = [sequences, steps, inputs, outputs, batch].map(String);
  const child = spawn(command, [SCRIPT, ...sizes], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('PyTorch ended before its answer');
    return value;
  };
  return {
    version: await nextLine(),
    epoch: async (hidden) => {
      child.stdin.write(`${hidden}\n`);
      return Number(await nextLine());
    },
    stop: () => void child.kill(),
  };
}
