import { DONE, type FrameCaptured, laneOf, QUEUES } from '@regulars/contracts';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { frame } from '../testing/newest-conformance.js';
import { type AmqpRig, findRabbitmq, openRabbitmq } from '../testing/rabbitmq.js';
import { type Recorded, recorded, until } from '../testing/rig.js';

const url = await findRabbitmq(process.env);
const LIBRARY = fileURLToPath(new URL('../..', import.meta.url));
const COMPILER = fileURLToPath(new URL('../../../../node_modules/typescript/bin/tsc', import.meta.url));
const WORKER = fileURLToPath(new URL('../../dist/testing/lane-worker-process.js', import.meta.url));
const { lanes: LANES } = QUEUES['recognition.frames'];
/** One camera on every lane. */
const CAMERAS = Array.from({ length: LANES }, (_, lane) => {
  let number = 0;
  while (laneOf(`camera-${number}`, LANES) !== lane) number++;
  return `camera-${number}`;
});

describe.runIf(url !== null)('lanes over several workers', () => {
  let rig: AmqpRig;
  let facts: Recorded;
  let child: ChildProcess | null;
  const here = new Set<string>();
  const there = new Set<string>();

  beforeAll(() => {
    execFileSync(process.execPath, [COMPILER, '-b', LIBRARY]);
  });
  beforeEach(async () => {
    here.clear();
    there.clear();
    child = null;
    facts = recorded();
    rig = await openRabbitmq(url ?? '', facts.telemetry, { queues: QUEUES });
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await rig.close();
  });

  const work = () =>
    rig.broker.subscribe('recognition.frames', async ({ payload }) => {
      here.add((payload as FrameCaptured).cameraId);
      return DONE;
    });

  function spawnWorker(): ChildProcess {
    const worker = spawn(process.execPath, [WORKER, url ?? '', rig.namespace]);
    worker.stdout.setEncoding('utf8');
    worker.stdout.on('data', (lines: string) => {
      for (const camera of lines.split('\n').filter((line) => line !== '')) there.add(camera);
    });
    return worker;
  }

  /** Sends a frame of every camera, again and again, until `fact` holds.
   *  @returns how long that took, milliseconds */
  async function sendUntil(fact: () => boolean): Promise<number> {
    const startedAt = performance.now();
    let sequence = 0;
    await until(() => {
      for (const camera of CAMERAS) rig.broker.publishNewest(frame(camera, ++sequence));
      return fact();
    });
    return performance.now() - startedAt;
  }

  it('moves the lanes of a worker that was killed to the others within seconds', async () => {
    await work();
    child = spawnWorker();
    await sendUntil(() => there.size >= LANES / 2);
    here.clear();
    there.clear();
    await sendUntil(() => here.size + there.size === LANES);
    expect([here.size, there.size]).toEqual([LANES / 2, LANES / 2]);
    expect([...here].filter((camera) => there.has(camera))).toEqual([]);
    child.kill('SIGKILL');
    here.clear();
    const tookMs = await sendUntil(() => here.size === LANES);
    process.stdout.write(`${JSON.stringify({ lanesMovedAfterKillMs: Math.round(tookMs) })}\n`);
    expect(tookMs).toBeLessThan(8_000);
  });

  it('takes back the lanes of a worker that leaves, without waiting for its silence', async () => {
    await work();
    const other = await rig.joinAs('recognition');
    const leaving = await other.subscribe('recognition.frames', async ({ payload }) => {
      there.add((payload as FrameCaptured).cameraId);
      return DONE;
    });
    await sendUntil(() => there.size >= LANES / 2);
    await leaving.close(2_000);
    here.clear();
    expect(await sendUntil(() => here.size === LANES)).toBeLessThan(1_500);
  });
});
