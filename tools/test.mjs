/** `npm test`: sets everything up, then runs every suite that this machine can carry and says which it cannot.
 *  With REGULARS_REQUIRE_SERVICES=1 a missing broker, store, camera server or browser is a failure. */
import { run, setUp } from './setup.mjs';

try {
  await setUp();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
const { printMissingServices } = await import('./services.mjs');
const isComplete = await printMissingServices();
if (!isComplete && process.env.REGULARS_REQUIRE_SERVICES === '1') {
  console.error('REGULARS_REQUIRE_SERVICES=1, so this is a failure.');
  process.exit(1);
}
process.exitCode = await run('npx', ['vitest', 'run', ...process.argv.slice(2)]);
