import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS } from '@regulars/contracts';
import { environmentTable } from '@regulars/runtime';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../root.js';
import { pages, withoutCode } from './markdown.js';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const namesIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name ?? '');

const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);

/** Metrics and commands that a page names and that do not exist. */
function unknownNames(text: string): string[] {
  const metrics = namesIn(text, /\b(regulars_[a-z_]+)\b(?!\.)/g).filter(
    (name) => !(name.replace(/_(bucket|sum|count)$/, '') in METRICS) && !(name in METRICS),
  );
  const commands = namesIn(text, /\bnpm run ([a-z:]+)/g).filter((name) => !scripts.includes(name));
  return [...metrics, ...commands];
}

describe('the names in the documents', () => {
  it.each(pages())('%s names metrics and commands that exist', (path) => {
    expect(unknownNames(read(path))).toEqual([]);
  });

  it('would not pass when one does not', () => {
    expect(unknownNames('`regulars_visits_lost` after `npm run magic`')).toEqual([
      'regulars_visits_lost',
      'magic',
    ]);
  });
});

describe('docs/operations.md', () => {
  const page = read('docs/operations.md');

  it('says what to do at each alert', () => {
    const { groups } = parse(read('dashboards/prometheus/alerts.yml')) as {
      groups: { rules: { alert: string }[] }[];
    };
    const alerts = groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));
    expect(alerts.length).toBeGreaterThan(0);
    expect(namesIn(withoutCode(page), /^### (.+)$/gm)).toEqual(alerts);
  });

  it('names settings that exist', () => {
    const known = [...Object.keys(environmentTable), ...namesIn(read('.env.example'), /^([A-Z_]+)=/gm)];
    const capitals = namesIn(withoutCode(page), /`([A-Z]+_[A-Z_]+)(?:=[^`]*)?`/g);
    const errors = read('docs/errors.md');
    // A word of RabbitMQ, one of the Dockerfile, one of onnxruntime's installer.
    const foreign = ['PRECONDITION_FAILED', 'NODE_IMAGE', 'ONNXRUNTIME_NODE_INSTALL'];
    const unknown = capitals.filter(
      (name) => ![...known, ...foreign].includes(name) && !errors.includes(`\`${name}\``),
    );
    expect(unknown).toEqual([]);
  });

  it('makes the secrets that the k8s base reads, with all their keys', () => {
    for (const file of ['rabbitmq', 'mongodb'])
      for (const key of namesIn(read(`k8s/base/${file}.yaml`), /name: regulars-stores, key: ([a-z-]+)/g))
        expect(page).toContain(`--from-literal=${key}=`);
    for (const name of ['REGULARS_MASTER_KEY', 'RABBITMQ_URL', 'MONGODB_URI'])
      expect(page).toContain(`--from-literal=${name}=`);
    expect(page).toContain('create secret generic regulars-stores ');
    expect(page).toContain('create secret generic regulars ');
  });
});
