import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeHead, logitsOf } from '../expression/index.js';
import { cosineDistance, unitVector } from '../models/embeddings.js';
import { loadModel } from '../models/load-model.js';
import type { LoadedModel, Outputs } from '../models/loaded-model.js';
import type { ModelManifest } from '../models/manifest.js';
import { buildModels } from './build.js';
import { drawPicture } from './golden/drawn-picture.js';
import { RECIPES } from './recipes.js';

const golden = (name: string): number[] =>
  JSON.parse(readFileSync(new URL(`golden/${name}.json`, import.meta.url), 'utf8')) as number[];

/** The largest difference of two lists of the same length. */
function difference(values: ArrayLike<number>, expected: readonly number[]): number {
  expect(values.length).toBe(expected.length);
  return expected.reduce(
    (worst, value, index) => Math.max(worst, Math.abs(value - (values[index] ?? NaN))),
    0,
  );
}

describe('a converted model', () => {
  const modelsDir = mkdtempSync(join(tmpdir(), 'regulars-conversion-'));
  const open = new Map<string, LoadedModel>();
  let manifest: ModelManifest;

  beforeAll(async () => {
    const only = RECIPES.map((recipe) => recipe.name);
    manifest = await buildModels({ modelsDir, only });
    for (const name of only) open.set(name, await loadModel(manifest, name, { modelsDir, provider: 'cpu' }));
  });

  afterAll(async () => {
    await Promise.all([...open.values()].map((model) => model.release()));
    rmSync(modelsDir, { recursive: true });
  });

  const run = async (name: string, count = 1): Promise<Outputs> => {
    const side = manifest.models.find((model) => model.name === name)?.input.shape[1] ?? 0;
    const outputs = await open.get(name)?.run(Array.from({ length: count }, () => drawPicture(side)));
    return outputs ?? new Map();
  };
  const output = async (name: string, value: string): Promise<Float32Array> =>
    (await run(name)).get(value) ?? new Float32Array();

  it('finds with BlazeFace what TensorFlow.js finds, for every anchor', async () => {
    const scores = await output('blazeface-back', 'scores');
    const probabilities = golden('blazeface-back-logits').map((logit) => 1 / (1 + Math.exp(-logit)));
    expect(difference(scores, probabilities)).toBeLessThan(1e-5);
    const boxes = await output('blazeface-back', 'boxes');
    const sampled = boxes.filter((_, index) => Math.floor(index / 16) % 16 === 0);
    expect(difference(sampled, golden('blazeface-back-boxes'))).toBeLessThan(1e-3);
  });

  it('puts the 68 landmarks where TensorFlow.js puts them', async () => {
    const points = await output('face-landmarks-68', 'points');
    expect(difference(points, golden('face-landmarks-68'))).toBeLessThan(2e-6);
  });

  it("gives the embedding that TensorFlow.js gives from face-api's weights", async () => {
    const embedding = await output('dlib-resnet-uint8', 'embedding');
    expect(difference(embedding, golden('dlib-resnet-uint8'))).toBeLessThan(2e-6);
  });

  it("gives nearly the same embedding from dlib's own file, whose weights are not rounded", async () => {
    const exact = unitVector(await output('dlib-resnet', 'embedding'));
    const rounded = unitVector(Float32Array.from(golden('dlib-resnet-uint8')));
    const distance = cosineDistance(exact, rounded);
    expect(distance).toBeLessThan(2e-3);
    expect(distance).toBeGreaterThan(1e-7);
  });

  it('reads the expression that TensorFlow.js reads', async () => {
    const probabilities = await output('emotion', 'probabilities');
    expect(difference(probabilities, golden('emotion'))).toBeLessThan(2e-6);
  });

  it('gives the logits and the features that PyTorch gives from the weights in this repository', async () => {
    const outputs = await run('satisfaction');
    expect(difference(outputs.get('logits') ?? [], golden('satisfaction-logits'))).toBeLessThan(1e-4);
    expect(difference(outputs.get('features') ?? [], golden('satisfaction-features'))).toBeLessThan(1e-4);
  });

  it('gives the features that PyTorch gives from the body of nsfwjs, values up to 6', async () => {
    const features = await output('imagenet-body', 'features');
    expect(difference(features, golden('imagenet-body'))).toBeLessThan(1e-3);
  });

  it('carries the head that retraining begins with: it makes the logits of the features', async () => {
    const head = decodeHead(readFileSync(join(modelsDir, 'satisfaction.head')));
    const outputs = await run('satisfaction');
    const logits = logitsOf(head, outputs.get('features') ?? new Float32Array());
    expect(difference(logits, [...(outputs.get('logits') ?? [])])).toBeLessThan(1e-4);
  });

  it.each(RECIPES.map((recipe) => recipe.name))(
    '%s gives each picture of a batch its own result',
    async (name) => {
      const [single, batch] = [await run(name, 1), await run(name, 11)];
      for (const [value, expected] of single) {
        const values = batch.get(value) ?? new Float32Array();
        expect(values.length).toBe(expected.length * 11);
        const last = values.subarray(expected.length * 10);
        const scale = Math.max(1, ...expected.map(Math.abs));
        expect(difference(last, [...expected]) / scale).toBeLessThan(1e-5);
      }
    },
  );
});
