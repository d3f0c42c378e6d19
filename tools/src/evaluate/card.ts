import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../root.js';
import { replaceSection } from './card-section.js';

/** Puts figures with date and commit into a model's card.
 *  @param command how anyone can measure them again */
export async function writeCard(
  model: string,
  section: string,
  command: string,
  body: readonly string[],
): Promise<void> {
  const path = join(ROOT, 'models', 'cards', `${model}.md`);
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: ROOT,
    encoding: 'utf8',
  }).trim();
  const date = new Date().toISOString().slice(0, 10);
  const text = [`Measured on ${date} at commit ${commit} with \`${command}\`:`, ...body].join('\n\n');
  await writeFile(path, replaceSection(await readFile(path, 'utf8'), section, text));
}
