import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '@regulars/contracts';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../root.js';
import { tableRows } from './markdown.js';

interface Proof {
  readonly path: string;
  readonly title: string;
}

/** The proofs of a row, from its last cell: `path/to.spec.ts` "name of the test", separated by semicolons. */
function proofsOf(cell: string): Proof[] {
  return [...cell.matchAll(/`([^`]+\.spec\.ts)` "([^"]+)"/g)].map(([, path = '', title = '']) => ({
    path,
    title,
  }));
}

/** Names of the tests of a spec file as they are written there, placeholders of `each` included. */
function testNames(text: string): Set<string> {
  const names = new Set<string>();
  const rootOf = (node: ts.Expression): ts.Expression =>
    ts.isCallExpression(node) || ts.isPropertyAccessExpression(node) ? rootOf(node.expression) : node;
  const visit = (node: ts.Node): void => {
    const [first] = ts.isCallExpression(node) ? node.arguments : [];
    if (ts.isCallExpression(node) && first !== undefined && ts.isStringLiteralLike(first)) {
      const root = rootOf(node.expression);
      if (ts.isIdentifier(root) && root.text === 'it') names.add(first.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('a.spec.ts', text, ts.ScriptTarget.Latest));
  return names;
}

/** What is wrong with a row: no proof, one that is not there, a code that is none, or another HTTP status. */
function faultsOf(row: readonly string[]): string[] {
  const proofs = proofsOf(row.at(-1) ?? '');
  const missing = proofs.filter(
    ({ path, title }) =>
      !existsSync(join(ROOT, path)) || !testNames(readFileSync(join(ROOT, path), 'utf8')).has(title),
  );
  const gets = row[1] ?? '';
  const codes = [...gets.matchAll(/`([A-Z]+_[A-Z_]+)`/g)]
    .map(([, code]) => code ?? '')
    .filter((code) => !(code in VARIABLES));
  const unknown = codes.filter((code) => !(code in ERRORS));
  const [code = ''] = codes;
  const status = /HTTP (\d{3})/.exec(gets)?.[1];
  const expected = code in ERRORS ? ERRORS[code as keyof typeof ERRORS].status : undefined;
  return [
    ...(proofs.length === 0 ? ['no proof'] : []),
    ...missing.map(({ path, title }) => `${path} has no "${title}"`),
    ...unknown.map((name) => `no code ${name}`),
    ...(status !== undefined && expected !== undefined && Number(status) !== expected
      ? [`${code} is ${expected}, not ${status}`]
      : []),
  ];
}

/** Names in capitals that are settings, not codes. */
const VARIABLES = { CAPTURE_FILES_DIR: true, CAPTURE_LEASE_MS: true };

const rows = tableRows(readFileSync(join(ROOT, 'docs/failures.md'), 'utf8'));

describe('docs/failures.md', () => {
  it('has the failures that an operator meets', () => {
    expect(rows.length).toBeGreaterThan(30);
    const inputs = rows.map(([input]) => input).join('\n');
    for (const what of ['cut short', 'RTSP password', 'truncated JPEG', 'no JSON', 'unknown fields', '50 MB'])
      expect(inputs).toContain(what);
    for (const service of ['capture', 'recognition', 'expression', 'analytics', 'the gateway'])
      expect(inputs).toContain(`kill -9 of ${service}`);
  });

  it.each(rows.map((row) => [row[0] ?? '', row] as const))('%s: is proved by tests that exist', (_, row) => {
    expect(faultsOf(row)).toEqual([]);
  });

  it('would not pass with a proof that does not exist, none at all, a wrong code or status', () => {
    const spec = 'tools/src/docs/failures.spec.ts';
    const planted = `| a | HTTP 400, \`STORE_FULL\`, \`NO_SUCH_CODE\` | | \`${spec}\` "never written" |\n| b | | | soon |`;
    const [first, second] = tableRows(`| head |\n| --- |\n${planted}`);
    expect(faultsOf(first ?? [])).toEqual([
      `${spec} has no "never written"`,
      'no code NO_SUCH_CODE',
      'STORE_FULL is 507, not 400',
    ]);
    expect(faultsOf(second ?? [])).toEqual(['no proof']);
  });
});
