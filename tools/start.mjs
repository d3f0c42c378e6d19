/** `npm start`: sets everything up, then runs Regulars. The arguments are explained by `npm start -- --help`. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, setUp } from './setup.mjs';

const startedAt = Date.now();
try {
  await setUp();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
const child = spawn(
  process.execPath,
  [
    '--enable-source-maps',
    join(ROOT, 'tools/dist/start.js'),
    '--invoked-at',
    String(startedAt),
    ...process.argv.slice(2),
  ],
  { cwd: ROOT, stdio: 'inherit' },
);
// A terminal sends Ctrl-C to the child as well; it ends by itself, and this process with it.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
  process.on(signal, () => signal === 'SIGTERM' && child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
