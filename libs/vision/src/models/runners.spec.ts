import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildModels } from '../building/build.js';
import { alignFace, mirrorImage } from '../geometry/align.js';
import { cropFace } from '../frames/crop.js';
import { decodePhotograph } from '../image/photograph.js';
import { cropSquare } from '../image/resize.js';
import type { DetectedFace, PointPx, RgbImage } from '../vision.js';
import { decodeFaces } from './detector.js';
import { cosineDistance } from './embeddings.js';
import { openRunners } from './open-runners.js';
import { overlapOf } from './merge-faces.js';
import { DETECTOR_TILE_PX, NEAR_TILE_PX, type ModelRunners } from './runners.js';

const LFW = fileURLToPath(new URL('../../../../../shared/data/faces/lfw-folds-1-2/images/', import.meta.url));
const hasFaces = existsSync(LFW);
if (!hasFaces) process.stderr.write(`skipped: runners on photographs, because ${LFW} is absent\n`);

/** Distance at which 1 in 1,000 comparisons of two people on LFW would match. */
const FMR_1E3 = 0.0713;

describe('BlazeFace as the package gives it', () => {
  it('has boxes and points relative to the middle of the cell of their anchor', () => {
    const scores = new Float32Array(896);
    const boxes = new Float32Array(896 * 16);
    const at = (anchor: number, score: number): void => {
      scores[anchor] = score;
      boxes.set([4, -2, 40, 50, 1, 1], anchor * 16);
    };
    at(35, 0.9); // second row of the fine grid, second column
    at(512 + 50, 0.8); // second row of the coarse grid, first column
    at(7, 0.4);
    const [coarse, fine] = decodeFaces(scores, boxes, 0.5).reverse();
    expect(fine?.boxPx).toEqual({ x: 24 + 4 - 20, y: 24 - 2 - 25, width: 40, height: 50 });
    expect(fine?.keypoints[0]).toEqual({ x: 25, y: 25 });
    expect(fine?.keypoints).toHaveLength(6);
    expect(coarse?.boxPx).toEqual({ x: 16 + 4 - 20, y: 48 - 2 - 25, width: 40, height: 50 });
  });
});

describe.runIf(hasFaces)('the models on photographs', () => {
  const modelsDir = mkdtempSync(join(tmpdir(), 'regulars-runners-'));
  let runners: ModelRunners;
  beforeAll(async () => {
    await buildModels({ modelsDir });
    runners = await openRunners({ modelsDir, provider: 'cpu' });
  });
  afterAll(async () => {
    await runners.release();
    rmSync(modelsDir, { recursive: true });
  });

  interface Seen {
    readonly image: RgbImage;
    readonly face: DetectedFace;
    readonly landmarks: readonly PointPx[];
  }

  /** The best face of one of the person's photographs, which are square. */
  const see = async (person: string, photograph: number): Promise<Seen> => {
    const file = readdirSync(join(LFW, person)).sort()[photograph] ?? '';
    const image = await decodePhotograph(readFileSync(join(LFW, person, file)));
    const whole = { x: 0, y: 0, sizePx: image.widthPx };
    const [[found] = []] = await runners.detector.detect([cropSquare(image, whole, DETECTOR_TILE_PX)]);
    if (found === undefined) throw new Error(`no face in ${person}/${file}`);
    const scale = image.widthPx / DETECTOR_TILE_PX;
    const { x, y, width, height } = found.boxPx;
    const boxPx = { x: x * scale, y: y * scale, width: width * scale, height: height * scale };
    const [landmarks = []] = await runners.landmarks.locate(image, [boxPx]);
    return { image, face: { ...found, boxPx }, landmarks };
  };
  const chipOf = async (person: string, photograph: number): Promise<RgbImage> => {
    const { image, landmarks } = await see(person, photograph);
    return alignFace(image, landmarks);
  };

  it('find one face with its parts in their order', async () => {
    const { face, landmarks } = await see('Abel_Pacheco', 0);
    expect(face.score).toBeGreaterThan(0.8);
    const [rightEye, leftEye, nose, mouth] = landmarksOf(landmarks);
    expect(rightEye.x).toBeLessThan(leftEye.x);
    expect(nose.y).toBeGreaterThan(Math.max(rightEye.y, leftEye.y));
    expect(mouth.y).toBeGreaterThan(nose.y);
    for (const { x, y } of [rightEye, leftEye, nose, mouth]) {
      expect(x > face.boxPx.x && x < face.boxPx.x + face.boxPx.width).toBe(true);
      expect(y > face.boxPx.y && y < face.boxPx.y + face.boxPx.height).toBe(true);
    }
  });

  it('find the same face in a quarter of the picture around it', async () => {
    const { image, face } = await see('Abel_Pacheco', 0);
    const { x, y, width, height } = face.boxPx;
    const sizePx = 3 * width;
    const near = { x: x + width / 2 - sizePx / 2, y: y + height / 2 - sizePx / 2, sizePx };
    const [found = []] = await runners.detector.detectNear([cropSquare(image, near, NEAR_TILE_PX)]);
    expect(found).toHaveLength(1);
    const scale = sizePx / NEAR_TILE_PX;
    const box = found[0]?.boxPx ?? { x: 0, y: 0, width: 0, height: 0 };
    const boxPx = {
      x: near.x + box.x * scale,
      y: near.y + box.y * scale,
      width: box.width * scale,
      height: box.height * scale,
    };
    expect(overlapOf(boxPx, face.boxPx)).toBeGreaterThan(0.75);
    expect(found[0]?.score).toBeGreaterThan(0.8);
  });

  it('find nothing in an even picture', async () => {
    const data = new Uint8Array(DETECTOR_TILE_PX ** 2 * 3).fill(128);
    const even = { data, widthPx: DETECTOR_TILE_PX, heightPx: DETECTOR_TILE_PX };
    expect(await runners.detector.detect([even, even])).toEqual([[], []]);
    expect(await runners.detector.detect([])).toEqual([]);
  });

  it('tell two photographs of one person from those of two people', async () => {
    const chips = await Promise.all([
      chipOf('Abel_Pacheco', 0),
      chipOf('Abel_Pacheco', 1),
      chipOf('Akhmed_Zakayev', 0),
      chipOf('Akhmed_Zakayev', 1),
    ]);
    for (const mirrored of [false, true]) {
      const [a1, a2, b1, b2] = await runners.encoder.encode(chips, { mirrored });
      if (!a1 || !a2 || !b1 || !b2) throw new Error('expected four embeddings');
      expect(a1.length).toBe(runners.encoder.dimensions);
      expect(Math.hypot(...a1)).toBeCloseTo(1, 5);
      expect(cosineDistance(a1, a2)).toBeLessThan(FMR_1E3);
      expect(cosineDistance(b1, b2)).toBeLessThan(FMR_1E3);
      expect(cosineDistance(a1, b1)).toBeGreaterThan(FMR_1E3);
      expect(cosineDistance(a2, b2)).toBeGreaterThan(FMR_1E3);
    }
  });

  it('give a mirrored face the same embedding when both views are averaged', async () => {
    const chip = await chipOf('Abel_Pacheco', 0);
    const [one, other] = await runners.encoder.encode([chip, mirrorImage(chip)], { mirrored: true });
    expect(cosineDistance(one ?? new Float32Array(), other ?? new Float32Array())).toBeLessThan(1e-5);
  });

  it('see a smile', async () => {
    const crops = await Promise.all(
      [
        ['Ali_Adbul_Karim_Madani', 0],
        ['Alonzo_Mourning', 0],
      ].map(async ([person, photograph]) => {
        const { image, landmarks } = await see(String(person), Number(photograph));
        return cropFace(image, landmarks);
      }),
    );
    const scores = await runners.expression.score(crops.flatMap((crop) => (crop === null ? [] : [crop])));
    const happy = scores.map(
      ({ classes, probabilities }) => probabilities[classes.indexOf('happiness')] ?? NaN,
    );
    expect(happy[0]).toBeGreaterThan(0.8);
    expect(happy[1]).toBeLessThan(0.2);
  });

  it('give every expression a probability', async () => {
    const chip = await chipOf('Abel_Pacheco', 0);
    const [scores] = await runners.expression.score([chip]);
    const sum = scores?.probabilities.reduce((total, value) => total + value, 0);
    expect(sum).toBeCloseTo(1, 4);
    expect(scores?.classes).toHaveLength(scores?.probabilities.length ?? -1);
    expect(scores?.classes).toContain('happiness');
  });
});

/** Outer corners of the eyes, the tip of the nose and the middle of the lower lip. */
function landmarksOf(landmarks: readonly PointPx[]): [PointPx, PointPx, PointPx, PointPx] {
  const at = (index: number): PointPx => landmarks[index] ?? { x: NaN, y: NaN };
  return [at(36), at(45), at(30), at(57)];
}
