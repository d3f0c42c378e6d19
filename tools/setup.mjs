/** Makes a bare checkout ready: packages installed, sources built, models converted. Each step is skipped when
 *  nothing it depends on has changed, so that a second run ends in seconds. Plain JavaScript without packages,
 *  since it runs before any is installed. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const STAMPS = join(ROOT, 'node_modules', '.regulars');

/** Runs a program in the checkout and waits for it.
 *  @param {string} command
 *  @param {readonly string[]} args
 *  @param {NodeJS.ProcessEnv} [environment]
 *  @returns {Promise<number>} its exit code; 1 when it cannot be started */
export function run(command, args, environment = {}) {
  return new Promise((resolve) => {
    // npm and npx are .cmd files on Windows, which only a shell can start.
    const shell = process.platform === 'win32' && !command.endsWith('.exe');
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: 'inherit',
      shell,
      env: { ...process.env, ...environment },
    });
    child.on('error', (error) => {
      console.error(`cannot start ${command}: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** @param {readonly string[]} files paths below the checkout
 *  @returns {string} one hash over their names and contents */
function hashOf(files) {
  const hash = createHash('sha256').update(process.version);
  for (const file of files) {
    const path = join(ROOT, file);
    hash.update(file).update(existsSync(path) ? readFileSync(path) : 'absent');
  }
  return hash.digest('hex');
}

/** @param {string} step @param {string} hash */
const isFresh = (step, hash) =>
  existsSync(join(STAMPS, step)) && readFileSync(join(STAMPS, step), 'utf8') === hash;

/** @param {string} step @param {string} hash */
function stamp(step, hash) {
  mkdirSync(STAMPS, { recursive: true });
  writeFileSync(join(STAMPS, step), hash);
}

/** @param {string} step @param {readonly string[]} files it depends on
 *  @param {() => Promise<void>} action
 *  @param {readonly string[]} outputs without which it was not done, whatever the stamp says */
async function onceFor(step, files, action, outputs = []) {
  const hash = hashOf(files);
  if (isFresh(step, hash) && outputs.every((path) => existsSync(join(ROOT, path)))) return;
  await action();
  stamp(step, hash);
}

/** @param {string} what @param {Promise<number>} exit */
async function succeed(what, exit) {
  if ((await exit) !== 0) throw new Error(`${what} failed; its output is above`);
}

async function install() {
  await onceFor('installed', ['package-lock.json', 'package.json', '.npmrc'], async () => {
    console.log('Installing packages (a few minutes the first time) ...');
    // The CPU build of onnxruntime ships inside its package; its installer would look for CUDA elsewhere.
    const environment = { ONNXRUNTIME_NODE_INSTALL: 'skip' };
    await succeed('npm ci', run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], environment));
  });
}

const NOT_SOURCES = new Set(['node_modules', 'dist', 'dist-types']);

/** @param {string} folder below the checkout @returns {string[]} its source files, sorted */
function sourcesBelow(folder) {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => !NOT_SOURCES.has(entry.name))
    .flatMap((entry) =>
      entry.isDirectory() ? sourcesBelow(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
    )
    .sort();
}

async function build() {
  const files = ['libs', 'apps', 'tools'].flatMap(sourcesBelow);
  const projects = ['libs', 'apps'].flatMap((parent) =>
    readdirSync(join(ROOT, parent)).map((project) => `${parent}/${project}`),
  );
  const outputs = [...projects, 'tools'].map((project) => `${project}/dist`);
  const action = async () => {
    console.log('Building ...');
    const environment = { NX_DAEMON: 'false', NX_TUI: 'false' };
    await succeed(
      'the build',
      run('npx', ['nx', 'run-many', '-t', 'build', '--outputStyle=static'], environment),
    );
  };
  await onceFor('built', [...files, 'tsconfig.base.json', 'nx.json'], action, outputs);
}

async function models() {
  const { buildModels } = await import(pathToFileURL(join(ROOT, 'libs/vision/dist/building/index.js')).href);
  await buildModels({
    modelsDir: process.env.MODELS_DIR ?? join(ROOT, 'models'),
    onProgress: (/** @type {string} */ line) => console.log(line),
  });
}

const STEPS = { install, build, models };
const LOCK = join(ROOT, '.cache', 'setup.pid');

/** @param {number} pid */
function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: there is such a process, of another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Waits until no other process sets this checkout up: two installations at once leave half of each. A lock whose
 *  process is gone is taken over.
 *  @returns {Promise<() => void>} a function that gives the lock back */
async function lock() {
  mkdirSync(dirname(LOCK), { recursive: true });
  for (let isWaiting = false; ; isWaiting = true) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
      return () => rmSync(LOCK, { force: true });
    } catch {
      const holder = existsSync(LOCK) ? Number(readFileSync(LOCK, 'utf8')) : 0;
      if (holder > 0 && !isAlive(holder)) rmSync(LOCK, { force: true });
      else if (!isWaiting)
        console.log(`Waiting for process ${holder}, which is setting this checkout up ...`);
      await sleep(500);
    }
  }
}

/** @param {{ only?: string }} [options] one step by its name; the steps before it are done as well */
export async function setUp({ only } = {}) {
  if (Number(process.versions.node.split('.')[0]) < 20)
    throw new Error(`Node 20.19 or later is needed, this is ${process.version}`);
  const unlock = await lock();
  try {
    for (const [name, step] of Object.entries(STEPS)) {
      await step();
      if (name === only) return;
    }
  } finally {
    unlock();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf('--only');
  setUp({ only: at > 0 ? process.argv[at + 1] : undefined }).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
