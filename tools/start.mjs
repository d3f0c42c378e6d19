/** `npm start`: sets everything up, then runs Regulars. The arguments are explained by `npm start -- --help`. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, setUp } from './setup.mjs';

const invokedAt = Date.now();
process.setSourceMapsEnabled(true);
try {
  await setUp();
  const { start } = await import(pathToFileURL(join(ROOT, 'tools/dist/start.js')).href);
  await start(process.argv.slice(2), invokedAt);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
