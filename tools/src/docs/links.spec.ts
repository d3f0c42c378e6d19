import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../root.js';
import { anchorsOf, linksOf, pages } from './markdown.js';

/** Links of a page that lead nowhere. */
function deadLinks(path: string, text: string): string[] {
  return linksOf(text).filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [target = '', anchor] = link.split('#');
    const file = target === '' ? path : join(dirname(path), target);
    if (!existsSync(join(ROOT, file))) return true;
    return (
      anchor !== undefined &&
      !anchorsOf(target === '' ? text : readFileSync(join(ROOT, file), 'utf8')).includes(anchor)
    );
  });
}

describe('the links of the documents', () => {
  it.each(pages())('%s leads to files and headings that exist', (path) => {
    expect(deadLinks(path, readFileSync(join(ROOT, path), 'utf8'))).toEqual([]);
  });

  it('would not pass when one leads nowhere', () => {
    const text =
      '# A heading\n[a](nowhere.md) [b](#a-heading) [c](#b) `[d](code.md)`\n```\n[e](fenced.md)\n```\n';
    expect(deadLinks('README.md', text)).toEqual(['nowhere.md', '#b']);
  });
});
