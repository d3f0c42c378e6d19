/** `npm run check`: format, lint, types, structure, unit tests and generated docs, in under a minute. Suites
 *  that need a broker, a store, a camera or the models are left to `npm test`. */
import { run, setUp } from './setup.mjs';

/** @param {string} name @param {() => Promise<number>} action */
async function step(name, action) {
  const startedAt = performance.now();
  const code = await action();
  console.log(
    `${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`,
  );
  return code === 0;
}

try {
  await setUp({ only: 'build' });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
const quick = [
  step('format', () => run('npx', ['prettier', '--check', '--cache', '--log-level', 'warn', '.'])),
  step('lint', () =>
    run('npx', ['eslint', '--cache', '--cache-location', 'node_modules/.cache/eslint/', '.']),
  ),
];
const results = await Promise.all(quick);
results.push(await step('types of tests', () => run('npx', ['tsc', '-p', 'tsconfig.spec.json'])));
results.push(
  await step('unit tests and structure', () =>
    run('npx', ['vitest', 'run', '--project', 'unit', '--reporter', 'dot']),
  ),
);
results.push(await step('generated docs', () => run(process.execPath, ['tools/run.mjs', 'docs', '--check'])));
process.exitCode = results.every(Boolean) ? 0 : 1;
