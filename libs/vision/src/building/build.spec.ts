import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ModelManifest } from '../models/manifest.js';
import { buildModels } from './build.js';
import { RECIPES } from './recipes.js';
import { readSource, sha256 } from './weight-sources.js';

describe('building models', () => {
  let modelsDir = '';
  beforeEach(() => (modelsDir = mkdtempSync(join(tmpdir(), 'regulars-models-'))));
  afterEach(() => rmSync(modelsDir, { recursive: true }));

  const build = async (only?: string[]): Promise<string[]> => {
    const steps: string[] = [];
    await buildModels({ modelsDir, only, onProgress: (name, step) => steps.push(`${name} ${step}`) });
    return steps;
  };
  const readManifest = (): ModelManifest =>
    ModelManifest.parse(JSON.parse(readFileSync(join(modelsDir, 'manifest.json'), 'utf8')));

  it('makes one model of each role and a manifest that names their checksums', async () => {
    await build();
    const { roles, models } = readManifest();
    expect(roles).toEqual({
      detection: 'blazeface-back',
      landmarks: 'face-landmarks-68',
      recognition: 'dlib-resnet',
      expression: 'satisfaction',
    });
    for (const { file, sha256: stated } of models) {
      expect(sha256(readFileSync(join(modelsDir, file)))).toBe(stated);
    }
  });

  it('leaves everything as it is when nothing changed, in well under a second', async () => {
    await build();
    const before = statSync(join(modelsDir, 'manifest.json')).mtimeMs;
    const startedAt = performance.now();
    const steps = await build();
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(steps.every((step) => step.endsWith(' unchanged'))).toBe(true);
    expect(statSync(join(modelsDir, 'manifest.json')).mtimeMs).toBe(before);
  });

  it('makes the same bytes every time', async () => {
    await build(['emotion']);
    const first = readManifest();
    rmSync(join(modelsDir, 'emotion.onnx'));
    expect(await build(['emotion'])).toEqual(['emotion built']);
    expect(readManifest()).toEqual(first);
  });

  it('makes a model anew when its file was cut short, and only that one', async () => {
    await build(['emotion', 'blazeface-back']);
    truncateSync(join(modelsDir, 'emotion.onnx'), 1_000);
    expect(await build(['emotion', 'blazeface-back'])).toEqual(['emotion built', 'blazeface-back unchanged']);
  });

  it("keeps the operator's choice of a recogniser", async () => {
    await build(['dlib-resnet-uint8', 'dlib-resnet']);
    const manifest = readManifest();
    const chosen = { ...manifest, roles: { ...manifest.roles, recognition: 'dlib-resnet-uint8' } };
    writeFileSync(join(modelsDir, 'manifest.json'), JSON.stringify(chosen));
    await build();
    expect(readManifest().roles.recognition).toBe('dlib-resnet-uint8');
  });

  it('replaces a manifest that cannot be read', async () => {
    writeFileSync(join(modelsDir, 'manifest.json'), '{"manifestVersion":');
    expect(await build(['emotion'])).toEqual(['emotion built']);
    expect(readManifest().models).toHaveLength(1);
  });

  it('refuses a name that no model has, naming those there are', async () => {
    await expect(build(['facenet'])).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      fields: { model: 'facenet', known: RECIPES.map((recipe) => recipe.name) },
    });
  });
});

describe('reading weights from a package', () => {
  const [recipe] = RECIPES;
  const source = recipe?.source ?? { package: '', version: '', licence: '', files: [] };

  it('refuses other weights than those pinned', async () => {
    const files = source.files.map((file) => ({ ...file, sha256: '0'.repeat(64) }));
    await expect(readSource({ ...source, files })).rejects.toMatchObject({
      code: 'MODEL_SOURCE_CHANGED',
      fields: { file: source.files[0]?.path, found: source.files[0]?.sha256 },
    });
  });

  it('refuses another version of the package', async () => {
    await expect(readSource({ ...source, version: '0.0.1' })).rejects.toMatchObject({
      code: 'MODEL_SOURCE_CHANGED',
    });
  });

  it('says when the package is not installed', async () => {
    await expect(readSource({ ...source, package: '@regulars/absent' })).rejects.toMatchObject({
      code: 'MODEL_SOURCE_CHANGED',
      fields: { found: 'absent' },
    });
  });
});
