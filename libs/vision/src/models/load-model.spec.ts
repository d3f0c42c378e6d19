import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildModels } from '../building/build.js';
import { loadModel } from './load-model.js';
import { entryFor, readManifest } from './manifest-file.js';
import type { ModelEntry, ModelManifest } from './manifest.js';

const NAME = 'emotion';
const binding = dirname(createRequire(import.meta.url).resolve('onnxruntime-node'));
const CUDA_LIBRARY = join(
  binding,
  `../bin/napi-v6/${process.platform}/${process.arch}/libonnxruntime_providers_cuda.so`,
);
const hasCuda = existsSync(CUDA_LIBRARY);

describe('loading a model', () => {
  const built = mkdtempSync(join(tmpdir(), 'regulars-built-'));
  let modelsDir = '';
  beforeAll(() => buildModels({ modelsDir: built, only: [NAME] }));
  afterAll(() => rmSync(built, { recursive: true }));
  beforeEach(() => {
    modelsDir = mkdtempSync(join(tmpdir(), 'regulars-load-'));
    cpSync(built, modelsDir, { recursive: true });
  });
  afterEach(() => rmSync(modelsDir, { recursive: true }));

  const load = async (change: (entry: ModelEntry) => ModelEntry = (entry) => entry) => {
    const manifest = await readManifest(modelsDir);
    const models = manifest.models.map(change);
    const model = await loadModel({ ...manifest, models }, NAME, { modelsDir, provider: 'cpu' });
    await model.release();
    return model;
  };

  it('opens the model that the manifest describes', async () => {
    const model = await load();
    expect([model.entry.name, model.provider]).toEqual([NAME, 'cpu']);
  });

  it('says that there is no manifest, and where it was looked for', async () => {
    rmSync(join(modelsDir, 'manifest.json'));
    await expect(load()).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      fields: { path: join(modelsDir, 'manifest.json') },
    });
  });

  it.each(['', '{', '{"manifestVersion": 2}'])('says that the manifest %j cannot be read', async (text) => {
    writeFileSync(join(modelsDir, 'manifest.json'), text);
    await expect(load()).rejects.toMatchObject({ code: 'MODEL_CORRUPT', fields: { file: 'manifest.json' } });
  });

  it('says that the file is missing', async () => {
    rmSync(join(modelsDir, 'emotion.onnx'));
    await expect(load()).rejects.toMatchObject({ code: 'MODEL_MISSING', fields: { model: NAME } });
  });

  it('says that the file is empty', async () => {
    truncateSync(join(modelsDir, 'emotion.onnx'), 0);
    await expect(load()).rejects.toMatchObject({ code: 'MODEL_CORRUPT', fields: { problem: 'empty' } });
  });

  it('says that the file was cut short or exchanged', async () => {
    const { length } = readFileSync(join(modelsDir, 'emotion.onnx'));
    truncateSync(join(modelsDir, 'emotion.onnx'), length - 1);
    await expect(load()).rejects.toMatchObject({ code: 'MODEL_CORRUPT', fields: { bytes: length - 1 } });
  });

  it('says that a file with the right checksum is no model', async () => {
    writeFileSync(join(modelsDir, 'emotion.onnx'), 'no model');
    const sha256 = 'f62c7d17e241fe5c5c0c64d2e32ab6e3bd10547a9c02977cc126acc0fe6e6554';
    await expect(load((entry) => ({ ...entry, sha256 }))).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
      fields: { problem: expect.stringMatching(/protobuf/i) as string },
    });
  });

  it('says what differs when the manifest states other inputs or outputs', async () => {
    const [width, classes] = [48, 8];
    await expect(
      load((entry) => ({ ...entry, input: { ...entry.input, shape: [null, width, width, 3] } })),
    ).rejects.toMatchObject({ code: 'MODEL_MISMATCH', fields: { model: NAME } });
    await expect(
      load((entry) => ({ ...entry, outputs: [{ name: 'probabilities', shape: [null, classes] }] })),
    ).rejects.toMatchObject({
      code: 'MODEL_MISMATCH',
      fields: { actual: 'input input: uint8[*,64,64,3]; output probabilities: [*,7]' },
    });
  });

  it('refuses a picture of another size than the model takes', async () => {
    const model = await loadModel(await readManifest(modelsDir), NAME, { modelsDir, provider: 'cpu' });
    const picture = { data: new Uint8Array(48 * 48 * 3), widthPx: 48, heightPx: 48 };
    await expect(model.run([picture])).rejects.toMatchObject({
      code: 'MODEL_MISMATCH',
      fields: { expected: '64x64 RGB' },
    });
    await model.release();
  });

  it('names no model for a role that the manifest leaves open', async () => {
    const manifest: ModelManifest = await readManifest(modelsDir);
    expect(entryFor(manifest, 'expression').name).toBe(NAME);
    expect(() => entryFor(manifest, 'recognition')).toThrow(
      expect.objectContaining({ code: 'MODEL_MISSING', fields: { role: 'recognition' } }),
    );
  });

  if (hasCuda) process.stderr.write('skipped: CUDA is installed here, so its absence cannot be tested\n');
  it.runIf(!hasCuda)('falls back to the CPU without CUDA, unless CUDA is required', async () => {
    const manifest = await readManifest(modelsDir);
    const model = await loadModel(manifest, NAME, { modelsDir, provider: 'auto' });
    expect(model.provider).toBe('cpu');
    await model.release();
    await expect(loadModel(manifest, NAME, { modelsDir, provider: 'cuda' })).rejects.toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      fields: { model: NAME },
    });
  });
});
