/** What the integration suites need beyond Node, and whether this machine has it. */
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ROOT } from './setup.mjs';

/** @param {string} address as amqp://host:port or mongodb://host:port @param {number} defaultPort
 *  @returns {Promise<boolean>} whether something listens there */
export function listens(address, defaultPort) {
  const { hostname, port } = new URL(address);
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname,
      port: port === '' ? defaultPort : Number(port),
      timeout: 2_000,
    });
    const settle = (/** @type {boolean} */ is) => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
    socket.once('timeout', () => settle(false));
  });
}

/** @param {string} command @param {readonly string[]} args */
const succeeds = (command, args) =>
  spawnSync(command, args, { stdio: 'ignore', timeout: 20_000 }).status === 0;

const GST = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer";

/** @typedef {{ name: string, suites: string, present: () => Promise<boolean> | boolean, remedy: string, optional?: true }} TestService */

/** @type {readonly TestService[]} */
export const TEST_SERVICES = [
  {
    name: 'RabbitMQ',
    suites: 'messaging over AMQP, end to end',
    present: () => listens(process.env.RABBITMQ_URL ?? 'amqp://127.0.0.1:5672', 5672),
    remedy:
      'start a broker (Debian: apt-get install rabbitmq-server; rabbitmq-server -detached) or set RABBITMQ_URL',
  },
  {
    name: 'MongoDB protocol',
    suites: 'persistence over MongoDB, end to end',
    present: () =>
      process.env.REGULARS_MONGODB_TEST_URI === undefined
        ? existsSync(join(ROOT, '.venv/bin/secantusd-py'))
        : listens(process.env.REGULARS_MONGODB_TEST_URI, 27017),
    remedy:
      'python3 -m venv .venv && .venv/bin/pip install SecantusDB==0.7.0b3, or set REGULARS_MONGODB_TEST_URI',
  },
  {
    name: 'ffmpeg',
    suites: 'cameras',
    present: () =>
      succeeds(process.env.FFMPEG_BIN ?? 'ffmpeg', ['-version']) ||
      existsSync(join(ROOT, 'node_modules/@ffmpeg-installer/ffmpeg')),
    remedy: 'install ffmpeg 5 or later, or set FFMPEG_BIN',
  },
  {
    name: 'RTSP server',
    suites: 'cameras over RTSP, end to end',
    present: () => succeeds('/usr/bin/python3', ['-c', GST]),
    remedy:
      'Debian: apt-get install gstreamer1.0-rtsp gir1.2-gst-rtsp-server-1.0 python3-gi gstreamer1.0-plugins-good gstreamer1.0-plugins-ugly gstreamer1.0-libav',
  },
  {
    name: 'Chromium',
    suites: 'the live page in a browser',
    present: () => existsSync(process.env.CHROMIUM_BIN ?? '/usr/bin/chromium'),
    remedy: 'Debian: apt-get install chromium, or set CHROMIUM_BIN',
  },
  {
    name: 'development pictures',
    suites: 'recognition on real people',
    present: () => existsSync(join(ROOT, '../shared/data/README.md')),
    remedy: 'they are not part of the repository; put them at ../shared/data',
    optional: true,
  },
];

/** Prints what is missing, which suites are skipped for it, and how to get it.
 *  @returns {Promise<boolean>} whether every service is there; pictures of people are never demanded */
export async function printMissingServices() {
  const missing = [];
  for (const service of TEST_SERVICES) if (!(await service.present())) missing.push(service);
  for (const { name, suites, remedy } of missing) {
    console.log(`${name} is not here: the suites "${suites}" are skipped. To run them: ${remedy}`);
  }
  return missing.every(({ optional }) => optional === true);
}
