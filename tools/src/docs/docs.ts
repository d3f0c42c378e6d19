import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, VERSION } from '../root.js';
import { asyncApi, eventsPage } from './events.js';
import { configurationPage, errorsPage, metricsPage } from './tables.js';

/** The generated pages by their path below the checkout. */
export function generatedPages(): Readonly<Record<string, string>> {
  return {
    'docs/events.md': eventsPage(),
    'docs/asyncapi.yaml': asyncApi(VERSION),
    'docs/errors.md': errorsPage(),
    'docs/metrics.md': metricsPage(),
    'docs/configuration.md': configurationPage(),
  };
}

/** @returns the pages that differ from what the sources say */
export async function stalePages(): Promise<string[]> {
  const stale: string[] = [];
  for (const [path, text] of Object.entries(generatedPages())) {
    const current = await readFile(join(ROOT, path), 'utf8').catch(() => null);
    if (current !== text) stale.push(path);
  }
  return stale;
}

/** `npm run docs [-- --check]`: writes the generated pages, or fails when one is stale. */
export async function docs(args: readonly string[]): Promise<void> {
  if (!args.includes('--check')) {
    for (const [path, text] of Object.entries(generatedPages())) await writeFile(join(ROOT, path), text);
    console.log(`wrote ${Object.keys(generatedPages()).join(', ')}`);
    return;
  }
  const stale = await stalePages();
  if (stale.length > 0) throw new Error(`stale: ${stale.join(', ')}; run "npm run docs"`);
  console.log('generated docs are up to date');
}
