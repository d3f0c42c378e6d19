import { deserialize, serialize } from 'node:v8';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomOf } from '@regulars/contracts/random';
import {
  encodeHead,
  initialHead,
  loadModel,
  logitsOf,
  readManifest,
  SEED_HEAD_OPTIONS,
  softmaxRows,
  trainHead,
  type HeadExamples,
  type HeadProgress,
  type HeadTrainingState,
  type LoadedModel,
  type RgbImage,
  type TrainedHead,
} from '@regulars/vision';
import { buildModels } from '@regulars/vision/building';
import { fitted } from '../../faces-data/fit.js';
import type { Example } from './audit.js';
import { augmented } from './augment.js';
import type { Side } from './split.js';

/** The paper's data set had 2,000 pictures after augmentation. */
const PAPER_PICTURES = 2_000;
/** Epochs without a better validation loss. */
const PATIENCE = 10;
const BATCH = 64;
const CLASSES = 2;

export interface SeedTraining {
  readonly modelsDir: string;
  /** For what allows to go on after an interruption. */
  readonly outDir: string;
  readonly examples: readonly Example[];
  readonly sides: readonly Side[];
  readonly seed: number;
  readonly epochs: number;
  readonly onProgress: (line: string) => void;
  readonly onEpoch: (progress: HeadProgress, secondsLeft: number) => void;
}

export interface SeedResult {
  readonly trained: TrainedHead;
  /** Probability of satisfied for each example, whatever its side. */
  readonly scores: Float32Array;
  readonly augmentedPictures: number;
}

/** Trains the seed paper's head on the frozen body: features through ONNX, Dense 128 and Dense 2 in TypeScript.
 *  Pictures of the training side are augmented to at least the paper's 2,000; the other sides are left as they are.
 *  Goes on where an interrupted training of the same folder stopped. */
export async function trainSeedRecipe(training: SeedTraining): Promise<SeedResult> {
  const body = await openBody(training.modelsDir);
  try {
    return await trainOn(body, training);
  } finally {
    await body.release();
  }
}

async function openBody(modelsDir: string): Promise<LoadedModel> {
  const known = await readManifest(modelsDir);
  const name = 'imagenet-body';
  const built = known.models.some((model) => model.name === name);
  const manifest = built ? known : await buildModels({ modelsDir, only: [name] });
  return loadModel(manifest, name, { modelsDir, provider: 'cpu' });
}

async function trainOn(body: LoadedModel, training: SeedTraining): Promise<SeedResult> {
  const { examples, sides, seed, epochs, outDir, onProgress, onEpoch } = training;
  const side = body.entry.input.shape[1] ?? 1;
  const random = randomOf(seed);
  const own = examples.filter((_, index) => sides[index] === 'training');
  const copies = Math.max(1, Math.ceil(PAPER_PICTURES / own.length));
  const views = (function* (): Generator<RgbImage> {
    for (let copy = 0; copy < copies; copy += 1) {
      for (const { picture } of own) yield augmented(picture, side, random);
    }
  })();
  const count = own.length * copies;
  const features = await featuresOf(body, views, count, (done) =>
    onProgress(`augmented ${done} of ${count}`),
  );
  const repeated = Array.from({ length: copies }, () => own).flat();
  const plain = await featuresOf(body, atSide(examples, side), examples.length, (done) =>
    onProgress(`looked at ${done} of ${examples.length}`),
  );
  const statePath = join(outDir, 'training.state');
  const resume = await readState(statePath);
  if (resume) onProgress(`going on after epoch ${resume.epoch}`);
  const startedAt = performance.now();
  const trained = await trainHead({
    start: initialHead({ inputs: features.length / count, hidden: 128, outputs: CLASSES }, seed),
    training: { features, targets: targetsOf(repeated) },
    validation: selected(examples, plain, sides, 'validation'),
    options: { ...SEED_HEAD_OPTIONS, epochs, seed, patience: PATIENCE },
    ...(resume && { resume }),
    onEpoch: async (progress, state) => {
      const done = progress.epoch - (resume?.epoch ?? 0);
      onEpoch(progress, ((performance.now() - startedAt) / 1_000 / done) * (epochs - progress.epoch));
      await replaceFile(statePath, serialize(state));
    },
  });
  await replaceFile(join(outDir, 'seed.head'), encodeHead(trained.head));
  return { trained, scores: satisfiedScores(trained, plain), augmentedPictures: count };
}

function* atSide(examples: readonly Example[], side: number): Generator<RgbImage> {
  for (const { picture } of examples) yield fitted(picture, side);
}

async function featuresOf(
  body: LoadedModel,
  views: Iterable<RgbImage>,
  count: number,
  onProgress: (done: number) => void,
): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  let batch: RgbImage[] = [];
  let done = 0;
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    parts.push((await body.run(batch)).get('features') ?? new Float32Array());
    done += batch.length;
    batch = [];
    if (done % (BATCH * 10) === 0 || done === count) onProgress(done);
  };
  for (const view of views) {
    batch.push(view);
    if (batch.length === BATCH) await flush();
  }
  await flush();
  const width = (parts[0]?.length ?? 0) / Math.min(BATCH, count);
  const all = new Float32Array(width * count);
  parts.reduce((at, part) => {
    all.set(part, at);
    return at + part.length;
  }, 0);
  return all;
}

const targetsOf = (examples: readonly Example[]): Float32Array =>
  Float32Array.from(examples.flatMap(({ satisfied }) => (satisfied ? [1, 0] : [0, 1])));

function selected(
  examples: readonly Example[],
  features: Float32Array,
  sides: readonly Side[],
  wanted: Side,
): HeadExamples {
  const width = features.length / examples.length;
  const rows = [...examples.keys()].filter((index) => sides[index] === wanted);
  const chosen = new Float32Array(rows.length * width);
  rows.forEach((row, at) => chosen.set(features.subarray(row * width, (row + 1) * width), at * width));
  return { features: chosen, targets: targetsOf(rows.flatMap((row) => examples[row] ?? [])) };
}

function satisfiedScores({ head }: TrainedHead, features: Float32Array): Float32Array {
  const probabilities = softmaxRows(logitsOf(head, features), CLASSES);
  return probabilities.filter((_, index) => index % CLASSES === 0);
}

/** A state of another version, or one that was cut short, is no state. */
async function readState(path: string): Promise<HeadTrainingState | null> {
  const bytes = await readFile(path).catch(() => null);
  if (bytes === null) return null;
  try {
    return deserialize(bytes) as HeadTrainingState;
  } catch {
    return null;
  }
}

async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  await writeFile(`${path}.partial`, bytes);
  await rename(`${path}.partial`, path);
}
