import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ViewQuality } from '@regulars/contracts';
import type { RgbImage } from '@regulars/vision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateExpressionSheet } from './sheet.js';
import { choose, countsOf, readFaces, sheetBody } from './sheet-page.js';
import { facesSeenIn, type SeenFace } from './seen.js';

const CLASSES = ['neutral', 'happy', 'surprised', 'sad', 'angry', 'disgusted', 'afraid', 'contempt'];
const QUALITY: ViewQuality = {
  faceWidthPx: 60,
  sharpness: 500,
  yawDegrees: 0,
  pitchDegrees: 0,
  brightness: 120,
};
const picture = (level: number): RgbImage => ({
  widthPx: 48,
  heightPx: 48,
  data: new Uint8Array(48 * 48 * 3).fill(level),
});

/** Says of a face what its grey level is: so likely happy, the rest sad. */
const net = {
  calibration: undefined,
  score: (pictures: readonly RgbImage[]) =>
    Promise.resolve(
      pictures.map(({ data }) => {
        const happy = (data[0] ?? 0) / 255;
        return {
          classes: CLASSES,
          probabilities: Float32Array.of(0, happy, 0, 1 - happy, 0, 0, 0, 0),
          covered: 0,
        };
      }),
    ),
};
const judge: Parameters<typeof readFaces>[1]['judge'] = ({ probabilities: [, happy = 0] }) =>
  happy > 0.4 && happy < 0.6
    ? { kind: 'abstained', reason: 'unsure' }
    : {
        kind: 'scored',
        class: happy > 0.5 ? 'satisfied' : 'dissatisfied',
        satisfaction: happy,
        confidence: 1,
      };

async function* faces(levels: readonly number[]): AsyncGenerator<SeenFace> {
  for (const level of levels) {
    await Promise.resolve();
    yield { name: `shop/<${level}>.jpg`, picture: picture(level), quality: QUALITY };
  }
}

describe('the sheet of expressions', () => {
  it('shows the surest of each class and the nearest to another answer, and counts all', async () => {
    const levels = [250, 10, 128, 200, 60, 245, 100, 20, 160, 240];
    const read = await readFaces(faces(levels), { net, judge });
    expect(countsOf(read)).toEqual({
      faces: 10,
      satisfied: 5,
      neutral: 0,
      dissatisfied: 4,
      abstained: { unsure: 1 },
    });
    const { satisfied, dissatisfied, doubtful } = choose(read, 2);
    const names = (of: typeof read) => of.map(({ name }) => name);
    expect(names(satisfied)).toEqual(['shop/<250>.jpg', 'shop/<245>.jpg']);
    expect(names(dissatisfied)).toEqual(['shop/<10>.jpg', 'shop/<20>.jpg']);
    expect(names(doubtful)).toEqual(['shop/<128>.jpg', 'shop/<100>.jpg']);
    const body = await sheetBody(read, 2);
    expect(body.match(/<img /g)).toHaveLength(6);
    expect(body).toContain('&lt;250&gt;.jpg');
    expect(body).not.toContain('<250>');
  });
});

describe('the command', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'regulars-sheet-'));
    await writeFile(join(dir, 'notes.txt'), 'no picture');
  });
  afterAll(() => rm(dir, { recursive: true }));

  it('refuses a page within the checkout, an absent folder and one without pictures', async () => {
    const run = (data: string, out: string) => evaluateExpressionSheet(['--data', data, '--out', out]);
    await expect(run(dir, 'sheet.html')).rejects.toMatchObject({ code: 'OUT_INSIDE' });
    const look = (data: string) =>
      facesSeenIn(data, { vision: { analysePhotograph: () => Promise.resolve([]) }, fps: 1 }).next();
    await expect(look(join(dir, 'nowhere'))).rejects.toMatchObject({ code: 'DATA_MISSING' });
    await expect(look(dir)).rejects.toMatchObject({ code: 'DATA_EMPTY' });
    await expect(evaluateExpressionSheet(['--data', dir])).rejects.toThrow(/usage/);
  });

  it('goes on after a picture that cannot be read', async () => {
    await writeFile(join(dir, 'broken.jpg'), 'no jpeg');
    const seen = facesSeenIn(dir, { vision: { analysePhotograph: () => Promise.resolve([]) }, fps: 1 });
    await expect(seen.next()).resolves.toMatchObject({ done: true });
  });
});
