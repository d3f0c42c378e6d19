import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = import.meta.dirname;

/** External packages that only one place may import. */
const HOMES: Readonly<Record<string, string>> = {
  mongoose: 'libs/persistence',
  mongodb: 'libs/persistence',
  libsql: 'libs/persistence',
  amqplib: 'libs/messaging',
  'onnxruntime-node': 'libs/vision',
  'ffmpeg-static': 'apps/capture',
  '@ffmpeg-installer/ffmpeg': 'apps/capture',
  pino: 'libs/runtime',
  'prom-client': 'libs/runtime',
  'socket.io': 'apps/gateway',
  react: 'apps/dashboard',
};

/** Plain tables, which are looked things up in rather than read. */
const TABLES = ['libs/contracts/src/error-table.ts', 'libs/runtime/src/variables.ts'];

/** The one file that puts a process together may import apps. */
const COMPOSITION_ROOT = 'tools/src/serve.ts';

interface SourceFile {
  readonly path: string;
  readonly text: string;
}

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'dist', 'dist-types'].includes(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : [];
  });
}

function sourceFiles(): SourceFile[] {
  return ['libs', 'apps', 'tools']
    .flatMap((folder) => filesBelow(join(ROOT, folder)))
    .map((path) => ({ path: relative(ROOT, path).split(sep).join('/'), text: readFileSync(path, 'utf8') }));
}

/** Specifiers of static and dynamic imports, and of require and resolve calls with a literal. */
function importsOf(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
  const pattern =
    /(?:^|[\s;])(?:import|export)\s(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|\b(?:import|require|resolve)\(\s*['"]([^'"]+)['"]/gm;
  return [...code.matchAll(pattern)]
    .map((match) => match[1] ?? match[2] ?? '')
    .filter((name) => name !== '' && !name.includes('${'));
}

const packageOf = (path: string) =>
  path
    .split('/')
    .slice(0, path.startsWith('tools/') ? 1 : 2)
    .join('/');
const nameOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
const isTest = (path: string) => /\.spec\.tsx?$|\/testing[./]|\/conformance/.test(path);

const LIBS = readdirSync(join(ROOT, 'libs'));
const APPS = readdirSync(join(ROOT, 'apps'));

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest;
}

const ROOT_DEVELOPMENT = new Set(Object.keys(manifestOf('.').devDependencies ?? {}));

/** Everything that breaks the rules in one file, in words. */
function violationsOf(file: SourceFile, manifest: Manifest): string[] {
  const home = packageOf(file.path);
  const declared = {
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.devDependencies,
  };
  const found: string[] = [];
  for (const specifier of importsOf(file.text)) {
    if (specifier.startsWith('node:')) continue;
    if (specifier.startsWith('.')) {
      const target = join(file.path, '..', specifier).split(sep).join('/');
      if (!target.startsWith(`${home}/`)) found.push(`${file.path} reaches into ${target}`);
      continue;
    }
    const name = nameOf(specifier);
    const local = name.startsWith('@regulars/') ? name.slice('@regulars/'.length) : null;
    if (local !== null && APPS.includes(local) && file.path !== COMPOSITION_ROOT)
      found.push(`${file.path} imports the app ${local}`);
    if (
      local !== null &&
      LIBS.includes(local) &&
      home.startsWith('libs/') &&
      local !== 'contracts' &&
      !isTest(file.path)
    )
      found.push(`${file.path} is in a lib and imports the lib ${local}`);
    const only = HOMES[name];
    if (only !== undefined && home !== only)
      found.push(`${file.path} imports ${name}, which only ${only} may`);
    const isDeclared =
      name in declared || `@types/${name}` in declared || (isTest(file.path) && ROOT_DEVELOPMENT.has(name));
    if (!isDeclared) found.push(`${file.path} imports ${name}, which ${home}/package.json does not declare`);
  }
  return found;
}

function checkAll(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => violationsOf(file, manifestOf(packageOf(file.path))));
}

describe('the structure', () => {
  it('has libs that import only contracts, apps that import any lib, and nobody who imports an app', () => {
    expect(checkAll(sourceFiles())).toEqual([]);
  });

  it.each([
    [
      'a lib that imports another lib',
      'libs/vision/src/x.ts',
      "import { Broker } from '@regulars/messaging';",
    ],
    [
      'an app that imports an app',
      'apps/capture/src/x.ts',
      "import { startGateway } from '@regulars/gateway';",
    ],
    ['a tool that imports an app', 'tools/src/x.ts', "const app = await import('@regulars/capture');"],
    ['mongoose outside persistence', 'apps/analytics/src/x.ts', "import mongoose from 'mongoose';"],
    ['amqplib outside messaging', 'apps/gateway/src/x.ts', "import { connect } from 'amqplib';"],
    [
      'onnxruntime outside vision',
      'apps/expression/src/x.ts',
      "import type { Tensor } from 'onnxruntime-node';",
    ],
    ['ffmpeg outside capture', 'tools/src/x.ts', "require('ffmpeg-static')"],
    ['an undeclared package', 'libs/contracts/src/x.ts', "export { chunk } from 'lodash';"],
    ['a path into another package', 'apps/gateway/src/x.ts', "import { y } from '../../analytics/src/y.js';"],
  ])('would not let through %s', (_, path, text) => {
    expect(checkAll([{ path, text }])).not.toEqual([]);
  });

  it('has no source file that reads the environment outside libs/runtime, tools and tests', () => {
    const readers = sourceFiles()
      .filter(
        (file) =>
          !file.path.startsWith('libs/runtime/') && !file.path.startsWith('tools/') && !isTest(file.path),
      )
      .filter((file) => /process\.env/.test(file.text))
      .map((file) => file.path);
    expect(readers).toEqual([]);
  });

  it('spawns ffmpeg in apps/capture only', () => {
    const spawners = sourceFiles()
      .filter(
        (file) =>
          !file.path.startsWith('apps/capture/') && !file.path.startsWith('tools/') && !isTest(file.path),
      )
      .filter((file) => importsOf(file.text).includes('node:child_process'))
      .map((file) => file.path);
    expect(spawners).toEqual([]);
  });

  it('keeps every source file within what can be read in one sitting', () => {
    const long = sourceFiles()
      .filter((file) => !isTest(file.path) && !TABLES.includes(file.path))
      .filter((file) => file.text.split('\n').length > 300)
      .map((file) => file.path);
    expect(long).toEqual([]);
  });
});
