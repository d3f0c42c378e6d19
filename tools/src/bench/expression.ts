import { environmentOfProcess } from '@regulars/runtime';
import { entryFor, loadModel, readManifest, type LoadedModel, type RgbImage } from '@regulars/vision';
import { matrixMultiplyPeak, readSource, RECIPES } from '@regulars/vision/building';
import { openTfjsNet } from './peers/tfjs-net.js';

const BATCHES = [1, 8] as const;
const ROUNDS = 5;
const RUNS_A_ROUND = 8;
/** Two engines that add up the same numbers in another order differ by less. */
const LARGEST_DIFFERENCE = 0.05;

type Run = (pictures: readonly RgbImage[]) => Promise<unknown>;

/** `npm run bench -- expression`: faces a second of one core, batches of 1 and 8, of the expression net in use,
 *  beside the same net on tfjs-wasm; and the share of the machine's matrix multiplication that it reaches, measured
 *  in the same minute. In CPU time, the engines in turn, the fastest round of each, so that other work on the machine
 *  counts for little. */
export async function expression(): Promise<void> {
  const { modelsDir } = environmentOfProcess();
  const manifest = await readManifest(modelsDir);
  const { name } = entryFor(manifest, 'expression');
  const model = await loadModel(manifest, name, { modelsDir, provider: 'cpu' });
  const recipe = RECIPES.find((known) => known.name === name);
  const graph = recipe && recipe.convert(await readSource(recipe.source));
  const tfjs = graph && (await openTfjsNet(graph).catch(translated));
  const output = model.entry.outputs[0]?.name ?? '';
  const difference = tfjs ? await differenceOf(model, (pictures) => tfjs.run(pictures, output)) : null;
  if (difference !== null && difference > LARGEST_DIFFERENCE) {
    throw new Error(`the two engines differ by ${difference}: one of them runs another net`);
  }
  const runs: Record<string, Run> = {
    onnxruntime: (pictures) => model.run(pictures),
    ...(tfjs ? { tfjs: (pictures) => tfjs.run(pictures, output) } : {}),
  };
  const ms = await timed(runs, model);
  const peakGflops = await matrixMultiplyPeak();
  const macs = graph ? macsOf(graph, model.entry.input.shape) : 0;
  const facesPerSecond = byBatch((batch) => round(1_000 / (ms['onnxruntime']?.[batch] ?? NaN)));
  const figures = {
    model: name,
    macsPerFace: macs,
    facesPerSecond,
    msPerFace: byBatch((batch) => round(ms['onnxruntime']?.[batch] ?? NaN)),
    tfjsWasm: tfjs
      ? {
          facesPerSecond: byBatch((batch) => round(1_000 / (ms['tfjs']?.[batch] ?? NaN))),
          timesSlower: byBatch((batch) =>
            round((ms['tfjs']?.[batch] ?? NaN) / (ms['onnxruntime']?.[batch] ?? NaN)),
          ),
          largestDifference: round(difference ?? NaN),
        }
      : 'missing: @tensorflow/tfjs-core and @tensorflow/tfjs-backend-wasm are not installed, or the net has a layer without a peer',
    peakGflops: round(peakGflops),
    shareOfPeak: byBatch((batch) =>
      round((2 * macs) / (ms['onnxruntime']?.[batch] ?? NaN) / 1e6 / peakGflops),
    ),
  };
  await model.release();
  console.log(JSON.stringify(figures));
}

/** A net that has another kind of layer has no peer here. */
function translated(error: unknown): null {
  if (error instanceof RangeError) return null;
  throw error;
}

const round = (value: number) => Math.round(value * 1_000) / 1_000;
const byBatch = (figure: (batch: number) => number) =>
  Object.fromEntries(BATCHES.map((batch) => [batch, figure(batch)]));

function picturesOf(model: LoadedModel, count: number): RgbImage[] {
  const [, heightPx, widthPx] = model.entry.input.shape.map((size) => size ?? 1);
  const [width, height] = [widthPx ?? 1, heightPx ?? 1];
  return Array.from({ length: count }, (_, which) => ({
    data: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37 + which * 11) % 251),
    widthPx: width,
    heightPx: height,
  }));
}

async function differenceOf(model: LoadedModel, peer: (pictures: RgbImage[]) => Promise<Float32Array>) {
  const pictures = picturesOf(model, 3);
  const [ours = new Float32Array()] = (await model.run(pictures)).values();
  const theirs = await peer(pictures);
  return ours.reduce((most, value, i) => Math.max(most, Math.abs(value - (theirs[i] ?? NaN))), 0);
}

/** Milliseconds of CPU a face, by engine and batch. */
async function timed(runs: Record<string, Run>, model: LoadedModel) {
  const best: Record<string, Record<number, number>> = {};
  for (const batch of BATCHES) {
    const pictures = picturesOf(model, batch);
    for (let turn = 0; turn <= ROUNDS; turn += 1) {
      for (const [engine, run] of Object.entries(runs)) {
        const before = process.cpuUsage();
        for (let i = 0; i < RUNS_A_ROUND; i += 1) await run(pictures);
        const { user, system } = process.cpuUsage(before);
        const ms = (user + system) / 1_000 / RUNS_A_ROUND / batch;
        // The first turn warms up.
        if (turn > 0) (best[engine] ??= {})[batch] = Math.min(best[engine]?.[batch] ?? Infinity, ms);
      }
    }
  }
  return best;
}

type Graph = ReturnType<(typeof RECIPES)[number]['convert']>;

/** Multiplications of convolutions and dense layers for one picture, from the shapes of the graph. */
function macsOf({ nodes, constants, input }: Graph, shape: readonly (number | null)[]): number {
  const dims = new Map(constants.map((c) => [c.name, c.kind === 'float' ? c.dims : []]));
  const sides = new Map<string, number>([[input.name, shape[1] ?? 1]]);
  let macs = 0;
  for (const node of nodes) {
    const side = sides.get(node.inputs[0] ?? '') ?? 1;
    const weights = dims.get(node.inputs[1] ?? '') ?? [];
    const strides = node.attributes['strides'];
    const stride = strides?.kind === 'ints' ? (strides.value[0] ?? 1) : 1;
    const scales =
      node.operator === 'Resize' ? constants.find(({ name }) => name === node.inputs[2]) : undefined;
    const factor = scales?.kind === 'float' ? (scales.values[2] ?? 1) : 1;
    const isPool = node.operator === 'GlobalAveragePool';
    const out = isPool ? 1 : Math.ceil((side * factor) / stride);
    sides.set(node.output, out);
    const product = weights.reduce((a, b) => a * b, 1);
    if (node.operator === 'Conv') macs += product * out * out;
    if (node.operator === 'MatMul') macs += product;
  }
  return macs;
}
