/** Runs one of the tools, built first when its sources changed: `node tools/run.mjs bench live --cameras 2`. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, setUp } from './setup.mjs';

const [tool, ...args] = process.argv.slice(2);
try {
  await setUp();
  const { runTool } = await import(pathToFileURL(join(ROOT, 'tools/dist/cli.js')).href);
  await runTool(tool, args);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
