import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { locateFfmpeg } from '../serve.js';
import { sumOfMetric } from '../system/service-process.js';
import { openServers } from '../system/servers.js';
import { type Mode, System } from '../system/system.js';
import { cpuSeconds } from './cpu.js';
import { percentile } from './percentile.js';
import { composeScene } from './scene.js';

const HELP =
  'npm run bench -- live --cameras N [--mode embedded|distributed] [--seconds N] [--overload FACTOR]';
/** The rate of the aim. */
const FPS = 5;
/** Left out of the figures: cameras open, all tiles of the first frames are looked at, code is compiled. */
const WARM_UP_SECONDS = 12;

interface Options {
  readonly cameras: number;
  readonly mode: Mode;
  readonly seconds: number;
  readonly overload: number;
}

function parseOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      cameras: { type: 'string', default: '1' },
      mode: { type: 'string', default: 'embedded' },
      seconds: { type: 'string', default: '40' },
      overload: { type: 'string', default: '1' },
    },
  });
  const [cameras, seconds, overload] = [
    Number(values.cameras),
    Number(values.seconds),
    Number(values.overload),
  ];
  if (values.mode !== 'embedded' && values.mode !== 'distributed') throw new Error(HELP);
  if (!(cameras >= 1 && cameras <= 16 && seconds >= 5 && seconds <= 600 && overload >= 1 && overload <= 6))
    throw new Error(HELP);
  return { cameras, mode: values.mode, seconds, overload };
}

interface Measured {
  readonly delaysMs: { readonly picture: number[]; readonly event: number[] };
  readonly cpuPerCamera: number | null;
  readonly framesDropped: number;
  readonly framesCaptured: number;
  /** From capture to the faces being known, mean. */
  readonly facesKnownMs: number;
}

async function measure(system: System, cameraIds: readonly string[], seconds: number): Promise<Measured> {
  const api = system.api();
  const delaysMs = { picture: [] as number[], event: [] as number[] };
  let measuring = false;
  const socket = api.live(
    {
      onPicture: ({ capturedAt, faces }) => {
        if (measuring && faces.length > 0) delaysMs.picture.push(Date.now() - Date.parse(capturedAt));
      },
      onEvent: ({ at, payload }) => {
        // An end is told when a track is given up, long after its last frame: that is no delay.
        if (measuring && (payload.kind === 'sighting-started' || payload.kind === 'sighting-identified'))
          delaysMs.event.push(Date.now() - Date.parse(at));
      },
    },
    cameraIds,
  );
  const total = async (name: string) =>
    (await Promise.all(system.processes.map((service) => service.metrics()))).reduce(
      (sum, text) => sum + sumOfMetric(text, name),
      0,
    );
  try {
    await sleep(WARM_UP_SECONDS * 1000);
    const age = async () => ({
      sum: await total('regulars_frame_age_seconds_sum'),
      count: await total('regulars_frame_age_seconds_count'),
    });
    const ageBefore = await age();
    const before = {
      cpu: cpuSeconds(system.pids),
      dropped: await total('regulars_frames_dropped_total'),
      captured: await total('regulars_frames_captured_total'),
    };
    measuring = true;
    await sleep(seconds * 1000);
    measuring = false;
    const cpu = cpuSeconds(system.pids);
    const ageAfter = await age();
    return {
      delaysMs,
      facesKnownMs: (1000 * (ageAfter.sum - ageBefore.sum)) / (ageAfter.count - ageBefore.count),
      cpuPerCamera:
        cpu === null || before.cpu === null ? null : (cpu - before.cpu) / seconds / cameraIds.length,
      framesDropped: (await total('regulars_frames_dropped_total')) - before.dropped,
      framesCaptured: (await total('regulars_frames_captured_total')) - before.captured,
    };
  } finally {
    socket.disconnect();
  }
}

const round = (value: number | null, digits = 0) => (value === null ? null : Number(value.toFixed(digits)));

/** `npm run bench -- live`: from a frame being captured to the Socket.IO message that tells what was found in it,
 *  at 5 fps and 720p, with the man of the demo clips walking before every camera. Pictures with boxes come for
 *  every frame and give the percentiles; sighting events are few and printed beside them. `--overload 4` has
 *  the cameras send four times as many frames. */
export async function live(args: string[]): Promise<void> {
  const options = parseOptions(args);
  const folder = mkdtempSync(join(tmpdir(), 'regulars-bench-'));
  const ffmpeg = await locateFfmpeg();
  const sources = Array.from({ length: options.cameras }, (_, index) => composeScene(ffmpeg, folder, index));
  const servers = options.mode === 'distributed' ? await openServers() : null;
  const system = await System.start({
    mode: options.mode,
    dataDir: join(folder, 'data'),
    environment: { CAPTURE_FILES_DIR: folder, ...servers?.variables },
  });
  try {
    const cameraIds = sources.map((_, index) => `camera-${index + 1}`);
    for (const [index, source] of sources.entries())
      await system.api().addCamera({
        cameraId: cameraIds[index] ?? '',
        name: `Camera ${index + 1}`,
        source,
        fps: FPS * options.overload,
      });
    const { delaysMs, cpuPerCamera, framesDropped, framesCaptured, facesKnownMs } = await measure(
      system,
      cameraIds,
      options.seconds,
    );
    for (const [kind, delays] of Object.entries(delaysMs))
      console.log(
        `${kind.padEnd(8)} n ${delays.length}  p50 ${percentile(delays, 0.5)} ms  p95 ${percentile(delays, 0.95)} ms  p99 ${percentile(delays, 0.99)} ms  max ${percentile(delays, 1)} ms`,
      );
    console.log(
      `${framesCaptured} frames captured, ${framesDropped} dropped; faces known after ${facesKnownMs.toFixed(0)} ms in the mean`,
    );
    const all = [...delaysMs.picture, ...delaysMs.event];
    console.log(
      JSON.stringify({
        cameras: options.cameras,
        mode: options.mode,
        p50Ms: round(percentile(all, 0.5)),
        p95Ms: round(percentile(all, 0.95)),
        p99Ms: round(percentile(all, 0.99)),
        cpuPerCamera: round(cpuPerCamera, 3),
        framesDropped,
      }),
    );
  } finally {
    await system.end();
    await servers?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
