/** `npm run doctor`: what is wrong with this machine, and how to mend it. Works before anything is installed. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './setup.mjs';
import { listens, TEST_SERVICES } from './services.mjs';

/** @typedef {{ level: 'ok' | 'advice' | 'wrong', what: string, remedy?: string }} Finding */

const GIB = 1024 ** 3;
const LEAST_DISK_GIB = 3;
const LEAST_MEMORY_GIB = 2;

/** @param {string} what @returns {Finding} */
const ok = (what) => ({ level: 'ok', what });
/** @param {string} what @param {string} remedy @returns {Finding} */
const advice = (what, remedy) => ({ level: 'advice', what, remedy });
/** @param {string} what @param {string} remedy @returns {Finding} */
const wrong = (what, remedy) => ({ level: 'wrong', what, remedy });

/** @returns {Finding} */
function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = major > 20 || (major === 20 && minor >= 19);
  return enough
    ? ok(`Node ${process.versions.node}`)
    : wrong(`Node ${process.versions.node} is too old`, 'install Node 20.19 or later');
}

/** @returns {Finding[]} */
function checkMachine() {
  const disk = statfsSync(ROOT);
  const freeGib = (disk.bavail * disk.bsize) / GIB;
  const memoryGib = totalmem() / GIB;
  return [
    freeGib >= LEAST_DISK_GIB
      ? ok(`${freeGib.toFixed(0)} GiB of disk free`)
      : wrong(`only ${freeGib.toFixed(1)} GiB of disk free`, `free at least ${LEAST_DISK_GIB} GiB`),
    memoryGib >= LEAST_MEMORY_GIB
      ? ok(`${memoryGib.toFixed(0)} GiB of memory, ${(freemem() / GIB).toFixed(1)} free`)
      : wrong(
          `only ${memoryGib.toFixed(1)} GiB of memory`,
          `use a machine with at least ${LEAST_MEMORY_GIB} GiB`,
        ),
    availableParallelism() >= 2
      ? ok(
          `${availableParallelism()} cores: about ${Math.max(1, availableParallelism() * 2)} cameras at 5 frames a second`,
        )
      : advice('one core only', 'expect one camera; lower its fps'),
  ];
}

/** @returns {Promise<Finding>} */
async function checkFfmpeg() {
  const built = join(ROOT, 'apps/capture/dist/ffmpeg.js');
  if (!existsSync(built))
    return advice('ffmpeg is looked for once Regulars is built', 'run "npm start" or "npm run build"');
  const { locateFfmpeg } = await import(pathToFileURL(built).href);
  try {
    const { path, version, major, foundIn } = await locateFfmpeg({ ffmpegBin: process.env.FFMPEG_BIN });
    const where = `ffmpeg ${version} (${foundIn}: ${path})`;
    return major !== null && major < 5
      ? advice(`${where} is old`, 'install ffmpeg 5 or later: older ones mend broken streams less well')
      : ok(where);
  } catch (error) {
    return wrong(
      `no ffmpeg: ${JSON.stringify(error.fields ?? error.message)}`,
      'install ffmpeg 5 or later, or set FFMPEG_BIN to it',
    );
  }
}

/** @returns {Promise<Finding>} */
async function checkModels() {
  const dir = process.env.MODELS_DIR ?? join(ROOT, 'models');
  const built = join(ROOT, 'libs/vision/dist/index.js');
  if (!existsSync(join(dir, 'manifest.json')) || !existsSync(built))
    return advice('the models are not built yet', 'run "npm start" or "npm run models"');
  const { verifyModels } = await import(pathToFileURL(built).href);
  try {
    const names = await verifyModels(dir);
    return ok(`models: ${names.join(', ')}`);
  } catch (error) {
    return wrong(
      `models: ${error.message} ${JSON.stringify(error.fields ?? {})}`,
      error.remedy ?? 'run "npm run models"',
    );
  }
}

/** @param {number} port @param {string} variable @returns {Promise<Finding>} */
function checkPort(port, variable) {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () =>
      done(
        advice(
          `port ${port} is in use`,
          `is Regulars running already? Otherwise set ${variable} to another port`,
        ),
      ),
    );
    server.listen(port, '127.0.0.1', () => server.close(() => done(ok(`port ${port} is free`))));
  });
}

/** @returns {Finding} */
function checkDataDir() {
  const dir = resolve(process.env.DATA_DIR ?? join(ROOT, 'data'));
  if (!existsSync(dir)) return ok(`data folder ${dir} will be made`);
  try {
    accessSync(dir, constants.W_OK);
    return ok(`data folder ${dir}`);
  } catch {
    return wrong(`data folder ${dir} cannot be written`, 'give its owner write access, or set DATA_DIR');
  }
}

/** @param {string} variable @param {number} port @param {string} otherwise @returns {Promise<Finding>} */
async function checkServer(variable, port, otherwise) {
  const address = process.env[variable];
  if (!address) return ok(`${variable} is not set: ${otherwise}`);
  const shown = new URL(address).host;
  return (await listens(address, port))
    ? ok(`${variable}: ${shown} answers`)
    : wrong(`${variable}: ${shown} does not answer`, 'start that server, or correct the address');
}

/** @returns {Promise<Finding>} */
async function checkConfiguration() {
  const built = join(ROOT, 'libs/runtime/dist/index.js');
  if (!existsSync(built))
    return advice('the configuration is checked once Regulars is built', 'run "npm run build"');
  const { environmentOfProcess } = await import(pathToFileURL(built).href);
  try {
    environmentOfProcess();
    return ok('configuration');
  } catch (error) {
    return wrong(
      `configuration: ${JSON.stringify(error.fields ?? error.message)}`,
      'docs/configuration.md lists every variable',
    );
  }
}

/** @returns {Finding} */
function checkGit() {
  try {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    return ok(`Regulars ${version}, commit ${commit}`);
  } catch {
    return ok('Regulars without a git checkout');
  }
}

const findings = [
  checkGit(),
  checkNode(),
  ...checkMachine(),
  checkDataDir(),
  await checkConfiguration(),
  await checkFfmpeg(),
  await checkModels(),
  await checkPort(Number(process.env.GATEWAY_PORT ?? 8080), 'GATEWAY_PORT'),
  await checkPort(Number(process.env.HEALTH_PORT ?? 9400), 'HEALTH_PORT'),
  await checkServer('RABBITMQ_URL', 5672, 'messages stay in one process'),
  await checkServer('MONGODB_URI', 27017, 'data is kept in SQLite'),
];
const MARKS = { ok: '  ok   ', advice: '  note ', wrong: '  WRONG' };
for (const { level, what, remedy } of findings)
  console.log(`${MARKS[level]} ${what}${remedy === undefined ? '' : `\n         -> ${remedy}`}`);
console.log('\nFor the whole of "npm test":');
for (const { name, present, remedy } of TEST_SERVICES)
  console.log((await present()) ? `  ok    ${name}` : `  note  ${name} is not here\n         -> ${remedy}`);
if (findings.some(({ level }) => level === 'wrong')) process.exitCode = 1;
