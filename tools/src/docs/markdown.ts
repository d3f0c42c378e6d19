import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../root.js';

/** The pages of the repository: those at its root and all below docs, by their path from the root. */
export function pages(): string[] {
  const isPage = (name: string) => name.endsWith('.md');
  const below = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).filter(isPage);
  return [...readdirSync(ROOT).filter(isPage), ...below.map((path) => join('docs', path))].sort();
}

/** The text without fenced blocks of code, whose lines are emptied so that others keep their number. */
export function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gm, (block) => block.replaceAll(/[^\n]/g, ''));
}

/** Targets of a page's links, in order; those in code are none. */
export function linksOf(text: string): string[] {
  const prose = withoutCode(text).replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target]) => target ?? '');
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(text: string): string[] {
  return [...withoutCode(text).matchAll(/^#+ +(.+)$/gm)].map(([, heading]) =>
    (heading ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
}

/** The rows of all tables of a page, without their heads, cell by cell. A `\|` is part of its cell. */
export function tableRows(text: string): string[][] {
  const lines = withoutCode(text).split('\n');
  const isRule = (line: string | undefined) => /^\|[\s|:-]+\|$/.test(line ?? '');
  return lines
    .filter((line, i) => line.startsWith('|') && !isRule(line) && !isRule(lines[i + 1]))
    .map((line) =>
      line
        .slice(1, line.lastIndexOf('|'))
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
}
