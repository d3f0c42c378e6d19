import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { locateFfmpeg } from '../serve.js';
import { sumOfMetric } from '../system/service-process.js';
import { System } from '../system/system.js';
import { cpuSeconds, ownCpuSeconds } from './cpu.js';
import { recallOf } from './recall.js';
import { composeWalkers, WALKERS_SECONDS } from './walkers.js';

const HELP = 'npm run bench -- cameras [--cameras N] [--seconds N] [--film FILE]';
const FPS = 5;
/** Cameras open and compiled code; left out of the figures. */
const WARM_UP_SECONDS = 10;

interface Cost {
  /** Cores, the decoders included. */
  readonly perCamera: number;
  readonly decodersPerCamera: number;
  readonly modelsPerCamera: number;
  readonly framesPerSecond: number;
  /** Of all cameras: with a machine too busy to look at them the rest costs too little. */
  readonly framesDropped: number;
}

/** A whole installation with so many cameras that show the film, each from the beginning. */
async function costOf(film: string, folder: string, cameras: number, seconds: number): Promise<Cost> {
  const system = await System.start({
    mode: 'embedded',
    dataDir: join(folder, 'data'),
    environment: { CAPTURE_FILES_DIR: folder },
  });
  try {
    for (let index = 1; index <= cameras; index += 1)
      await system
        .api()
        .addCamera({ cameraId: `camera-${index}`, name: `Camera ${index}`, source: film, fps: FPS });
    await sleep(WARM_UP_SECONDS * 1_000);
    const sample = async () => {
      const metrics = (await Promise.all(system.processes.map((service) => service.metrics()))).join('\n');
      return {
        all: cpuSeconds(system.pids) ?? NaN,
        own: ownCpuSeconds(system.pids) ?? NaN,
        models: sumOfMetric(metrics, 'regulars_inference_seconds_sum'),
        frames: sumOfMetric(metrics, 'regulars_frames_captured_total'),
        dropped: sumOfMetric(metrics, 'regulars_frames_dropped_total'),
      };
    };
    const before = await sample();
    await sleep(seconds * 1_000);
    const after = await sample();
    const share = (from: number, to: number) => (to - from) / seconds / cameras;
    const [perCamera, ownPerCamera] = [share(before.all, after.all), share(before.own, after.own)];
    return {
      perCamera,
      decodersPerCamera: perCamera - ownPerCamera,
      modelsPerCamera: share(before.models, after.models),
      framesPerSecond: share(before.frames, after.frames),
      framesDropped: after.dropped - before.dropped,
    };
  } finally {
    await system.end();
  }
}

/** `npm run bench -- cameras`: what a camera at 5 fps and 720p costs with people walking through, decoder and all,
 *  and how many faces that looking at every tile of every frame would find are missed by looking where people are.
 *  `--film` takes any film instead of the one that is composed from the demo's clips. */
export async function cameras(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      cameras: { type: 'string', default: '4' },
      seconds: { type: 'string', default: String(WALKERS_SECONDS) },
      film: { type: 'string' },
    },
  });
  const [count, seconds] = [Number(values.cameras), Number(values.seconds)];
  if (!(count >= 1 && count <= 16 && seconds >= 5 && seconds <= 600)) throw new Error(HELP);
  if (process.platform !== 'linux') throw new Error('CPU times are read from /proc: this bench needs Linux');
  const folder = mkdtempSync(join(tmpdir(), 'regulars-bench-'));
  try {
    const film = values.film ?? composeWalkers(await locateFfmpeg(), folder);
    const recall = await recallOf(film, FPS);
    const loss = recall.faces === 0 ? null : 1 - recall.found / recall.faces;
    console.log(
      `${recall.frames} frames, ${recall.faces} faces by full tiling, ${recall.found} of them found with ${recall.tilesPerFrame.toFixed(2)} tiles a frame`,
    );
    const cost = await costOf(film, folder, count, seconds);
    console.log(
      `a camera takes ${cost.perCamera.toFixed(3)} of a core at ${cost.framesPerSecond.toFixed(1)} frames a second:` +
        ` decoding ${cost.decodersPerCamera.toFixed(3)}, models ${cost.modelsPerCamera.toFixed(3)} (time that passes),` +
        ` the rest ${(cost.perCamera - cost.decodersPerCamera - cost.modelsPerCamera).toFixed(3)}`,
    );
    console.log(
      JSON.stringify({
        camerasPerCore: Number((1 / cost.perCamera).toFixed(2)),
        recallLoss: loss === null ? null : Number(loss.toFixed(4)),
        tilesPerFrame: Number(recall.tilesPerFrame.toFixed(2)),
        framesDropped: cost.framesDropped,
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
