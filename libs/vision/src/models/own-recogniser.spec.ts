import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Graph, GraphBuilder } from '../building/graph.js';
import { encodeOnnx } from '../building/onnx-file.js';
import type { RgbImage } from '../vision.js';
import { cosineDistance } from './embeddings.js';
import { ChipEncoder } from './encoder.js';
import { loadModel } from './load-model.js';
import { listRecognisers, readManifest, readRecogniser } from './manifest-file.js';
import type { ModelEntry } from './manifest.js';

const SIDE = 112;
const MEAN = [127.5, 120, 110];
const SCALE = 1 / 128;
const DIMENSIONS = 48;

/** Means of 16 parts of a chip, of each colour: not a net that tells people apart, but one of the right shape. */
function meansOf(graph: GraphBuilder, chip: string): string {
  const parts = graph.averagePool(chip, SIDE / 4, SIDE / 4);
  return graph.apply('Flatten', [parts], { axis: { kind: 'int', value: 1 } });
}
/** @param last what is done to the numbers in the end */
function net(last: (graph: GraphBuilder, means: string) => string = (_, means) => means, side = SIDE): Graph {
  const graph = new GraphBuilder('own', [null, side, side, 3]);
  graph.output('embedding', last(graph, meansOf(graph, graph.normalise(MEAN, SCALE))), [null, DIMENSIONS]);
  return graph.build();
}
/** The same as most such files are: floats, planes of blue, green and red, one picture at a time, and mean and scale
 *  left to the caller. */
function planesNet(): Graph {
  const graph = new GraphBuilder('own', [1, 3, SIDE, SIDE]);
  const swapped = graph.apply('Gather', ['input', graph.integers([2, 1, 0])], {
    axis: { kind: 'int', value: 1 },
  });
  graph.output('embedding', meansOf(graph, swapped), [1, DIMENSIONS]);
  const built = graph.build();
  return { ...built, input: { ...built.input, type: 'float32' } };
}
const PLANES: Partial<ModelEntry> = {
  input: {
    name: 'input',
    shape: [1, 3, SIDE, SIDE],
    layout: 'NCHW',
    type: 'float32',
    colourOrder: 'BGR',
    mean: [...MEAN].reverse(),
    scale: SCALE,
    normalisedInGraph: false,
  },
  outputs: [{ name: 'embedding', shape: [1, DIMENSIONS] }],
};

const chip = (seed: number): RgbImage => ({
  data: Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => (i * (seed + 7) + (i >> 5) * seed) % 251),
  widthPx: SIDE,
  heightPx: SIDE,
});

describe("a recogniser of the operator's own", () => {
  let modelsDir: string;
  beforeEach(() => {
    modelsDir = mkdtempSync(join(tmpdir(), 'regulars-own-'));
    const manifest = { manifestVersion: 1, conversion: 1, roles: {}, models: [] };
    writeFileSync(join(modelsDir, 'manifest.json'), JSON.stringify(manifest));
  });
  afterEach(() => rmSync(modelsDir, { recursive: true }));

  const write = (...models: unknown[]) =>
    writeFileSync(join(modelsDir, 'own.json'), JSON.stringify({ models }));
  const entryOf = async (graph: Graph, change: Partial<ModelEntry> = {}): Promise<ModelEntry> => {
    const bytes = await encodeOnnx(graph);
    const name = change.name ?? 'own-net';
    writeFileSync(join(modelsDir, `${name}.onnx`), bytes);
    return {
      name,
      role: 'recognition',
      file: `${name}.onnx`,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      source: { package: 'the shop', files: [] },
      licence: 'LicenseRef-own',
      alignment: 'arcface-112',
      input: {
        name: 'input',
        shape: [null, SIDE, SIDE, 3],
        layout: 'NHWC',
        type: 'uint8',
        colourOrder: 'RGB',
        mean: MEAN,
        scale: SCALE,
        normalisedInGraph: true,
      },
      outputs: [{ name: 'embedding', shape: [null, DIMENSIONS] }],
      measured: [],
      ...change,
    };
  };
  const open = async (name = 'own-net'): Promise<ChipEncoder> => {
    await readRecogniser(modelsDir, name);
    const model = await loadModel(await readManifest(modelsDir), name, { modelsDir, provider: 'cpu' });
    return ChipEncoder.open(model).finally(() => model.release());
  };
  const encode = async (name: string, chips: readonly RgbImage[]) => {
    const model = await loadModel(await readManifest(modelsDir), name, { modelsDir, provider: 'cpu' });
    const encoder = await ChipEncoder.open(model);
    return encoder.encode(chips, { mirrored: true }).finally(() => model.release());
  };

  it('is opened by its entry, with its alignment and as many numbers as it gives', async () => {
    write(await entryOf(net()));
    const encoder = await open();
    expect([encoder.recogniser, encoder.dimensions, encoder.chip.sidePx]).toEqual([
      'own-net',
      DIMENSIONS,
      SIDE,
    ]);
    expect(await listRecognisers(modelsDir)).toEqual({ names: ['own-net'], problems: [] });
  });

  it('sees the same whether it takes bytes in rows or floats in planes, many at a time or one', async () => {
    write(await entryOf(net()), await entryOf(planesNet(), { ...PLANES, name: 'planes' }));
    const chips = Array.from({ length: 11 }, (_, seed) => chip(seed));
    const [rows, planes] = [await encode('own-net', chips), await encode('planes', chips)];
    expect(rows).toHaveLength(11);
    rows.forEach((vector, i) => {
      expect(cosineDistance(vector, planes[i] as Float32Array)).toBeLessThan(1e-6);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    });
    expect(cosineDistance(rows[0] as Float32Array, rows[1] as Float32Array)).toBeGreaterThan(1e-4);
  });

  const refusalOf = async (models: unknown[]) => {
    write(...models);
    return open().then(
      () => ({ code: 'none', fields: {} }),
      (error: unknown) => error as { code: string; fields: Record<string, unknown> },
    );
  };

  it('is refused when its file is exchanged, cut short or absent', async () => {
    const entry = await entryOf(net());
    expect(await refusalOf([{ ...entry, sha256: 'a'.repeat(64) }])).toMatchObject({
      code: 'MODEL_CORRUPT',
      fields: { model: 'own-net', file: 'own-net.onnx', expectedSha256: 'a'.repeat(64) },
    });
    truncateSync(join(modelsDir, 'own-net.onnx'), 700);
    expect(await refusalOf([entry])).toMatchObject({ code: 'MODEL_CORRUPT', fields: { bytes: 700 } });
    rmSync(join(modelsDir, 'own-net.onnx'));
    expect(await refusalOf([entry])).toMatchObject({ code: 'MODEL_MISSING' });
  });

  it('is refused when the file is no model, though its checksum is right', async () => {
    const entry = await entryOf(net());
    const text = 'no model at all';
    writeFileSync(join(modelsDir, entry.file), text);
    const sha256 = createHash('sha256').update(text).digest('hex');
    expect(await refusalOf([{ ...entry, sha256 }])).toMatchObject({ code: 'MODEL_CORRUPT' });
  });

  it('is refused when it is of another shape than its entry or its alignment says', async () => {
    const entry = await entryOf(net());
    const other = { ...entry, outputs: [{ name: 'embedding', shape: [null, 512] }] };
    expect(await refusalOf([other])).toMatchObject({ code: 'MODEL_MISMATCH', fields: { model: 'own-net' } });
    expect(await refusalOf([{ ...entry, alignment: 'dlib-150' }])).toMatchObject({
      code: 'MODEL_MISMATCH',
      fields: { field: 'input.shape', stated: '112x112', expected: '150x150 (alignment dlib-150)' },
    });
    const graph = new GraphBuilder('own', [null, SIDE, SIDE, 3]);
    const picture = graph.normalise(MEAN, SCALE);
    graph.output('embedding', picture, [null, 3, SIDE, SIDE]);
    const map = await entryOf(graph.build(), {
      outputs: [{ name: 'embedding', shape: [null, 3, SIDE, SIDE] }],
    });
    expect(await refusalOf([map])).toMatchObject({ code: 'MODEL_MISMATCH', fields: { field: 'outputs' } });
  });

  it('is refused when its numbers are not finite, or say nothing', async () => {
    const logarithm = await entryOf(
      net((graph, means) =>
        graph.apply('Log', [
          graph.apply('Sub', [means, graph.constant({ dims: [1], values: Float32Array.of(9) })]),
        ]),
      ),
    );
    expect(await refusalOf([logarithm])).toMatchObject({
      code: 'MODEL_MISMATCH',
      fields: { field: 'file', problem: 'gives numbers that are not finite, or only zeros' },
    });
    const zero = (graph: GraphBuilder, means: string) =>
      graph.apply('Mul', [means, graph.constant({ dims: [1], values: Float32Array.of(0) })]);
    const one = (graph: GraphBuilder, means: string) =>
      graph.add(zero(graph, means), graph.constant({ dims: [1], values: Float32Array.of(1) }));
    expect(await refusalOf([await entryOf(net(zero))])).toMatchObject({ code: 'MODEL_MISMATCH' });
    expect(await refusalOf([await entryOf(net(one))])).toMatchObject({
      fields: { problem: 'gives the same numbers for different pictures' },
    });
  });

  it('whose entry is wrong hinders no other, and says what is wrong when it is asked for', async () => {
    const good = await entryOf(net(), { name: 'good' });
    const { licence: _licence, ...unlicensed } = await entryOf(net());
    write(unlicensed, good, { ...good, name: 'late', role: 'expression' }, good);
    expect((await readManifest(modelsDir)).models.map(({ name }) => name)).toEqual(['good']);
    await expect(readRecogniser(modelsDir, 'own-net')).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
      fields: { file: 'own.json', model: 'own-net', problem: expect.stringContaining('licence') as string },
    });
    const { names, problems } = await listRecognisers(modelsDir);
    expect(names).toEqual(['good']);
    expect(problems.map(({ name }) => name)).toEqual(['own-net', 'late', 'good']);
    await expect(readRecogniser(modelsDir, 'unknown')).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      fields: { known: ['good'] },
    });
  });

  it.each(['', '{', '[]', '{"models": 3}'])('whose file of entries is %j hinders nothing', async (text) => {
    writeFileSync(join(modelsDir, 'own.json'), text);
    expect((await readManifest(modelsDir)).models).toEqual([]);
    await expect(readRecogniser(modelsDir, 'own-net')).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
      fields: { file: 'own.json' },
    });
  });
});
