import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { randomOf } from '@regulars/contracts/random';
import {
  COVER_SHAPE,
  coverInput,
  decodePhotograph,
  headFigures,
  initialHead,
  logitsOf,
  softmaxRows,
  trainHead,
  withCovered,
  type Head,
  type HeadExamples,
  type RgbImage,
} from '@regulars/vision';
import { readFile } from 'node:fs/promises';
import { ROOT } from '../../root.js';
import { drawnExample } from './drawn-covers.js';

const OUT = 'libs/vision/src/expression/cover-weights.ts';
const EPOCHS = 10;
const MOST_FACES = 2_500;
const MOST_HELD_OUT = 500;

/** `npm run train -- cover --faces DIR --held-out DIR`: trains the small net that sees whether the lower half of a
 *  face is covered, from pictures of faces (FER2013's own framing: brows to chin) on which covers are drawn, and
 *  writes its weights. Every tenth face of `--faces` says when to stop; those of `--held-out` are only measured. */
export async function trainCover(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { faces: { type: 'string' }, 'held-out': { type: 'string' } },
  });
  if (!values.faces || !values['held-out']) throw new Error('both --faces DIR and --held-out DIR are needed');
  const faces = await facesOf(values.faces, MOST_FACES);
  const heldOut = await facesOf(values['held-out'], MOST_HELD_OUT);
  const own = faces.filter((_, i) => i % 10 !== 0);
  const checking = drawn(
    faces.filter((_, i) => i % 10 === 0),
    7,
  );
  const { head, epoch } = await trainHead({
    start: initialHead(COVER_SHAPE, 1),
    training: (e) => drawn(own, 1_000 + e),
    validation: checking,
    options: { epochs: EPOCHS, batch: 32, learningRate: 2e-3, seed: 1, patience: 5, pullToStart: 0.05 },
    onEpoch: ({ epoch: done, validation }) => {
      console.log(`epoch ${done} of ${EPOCHS}: ${JSON.stringify(validation)}`);
    },
  });
  const rounded = await write(head);
  const covers = drawn(heldOut, 99);
  const lowerHalf = { x: 0, y: 0.55, width: 1, height: 0.45 };
  const figures = {
    faces: faces.length,
    epoch,
    heldOut: heldOut.length,
    accuracyOnDrawn: headFigures(rounded, covers).accuracy,
    uncoveredTakenForCovered: share(rounded, heldOut),
    uncoveredByThreshold: [0.5, 0.7, 0.8, 0.9, 0.95].map((from) => share(rounded, heldOut, from)),
    flatByThreshold: [0.5, 0.7, 0.8, 0.9, 0.95].map((from) => share(rounded, heldOut.map(flatCover), from)),
    flatCoverFound: share(rounded, heldOut.map(flatCover)),
    blurredCoverFound: share(
      rounded,
      heldOut.map((face) => withCovered(face, lowerHalf)),
    ),
  };
  console.log(JSON.stringify(figures));
}

async function facesOf(folder: string, most: number): Promise<RgbImage[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.png')).sort();
  const faces: RgbImage[] = [];
  for (const name of names.slice(0, most))
    faces.push(await decodePhotograph(await readFile(join(folder, name))));
  if (faces.length < 100)
    throw new Error(`${folder} holds ${faces.length} PNG pictures; at least 100 are needed`);
  return faces;
}

function drawn(faces: readonly RgbImage[], seed: number): HeadExamples {
  const random = randomOf(seed);
  const features = new Float32Array(faces.length * COVER_SHAPE.inputs);
  const targets = new Float32Array(faces.length * 2);
  faces.forEach((face, i) => {
    const other = faces[Math.floor(random() * faces.length)] ?? face;
    const { picture, isCovered } = drawnExample(face, other, random);
    features.set(coverInput(picture), i * COVER_SHAPE.inputs);
    targets[i * 2 + (isCovered ? 1 : 0)] = 1;
  });
  return { features, targets };
}

/** What training/expression and the evaluation cover faces with: everything from .55 down, one light grey. */
function flatCover(face: RgbImage): RgbImage {
  const data = face.data.slice();
  data.fill(178, Math.floor(face.heightPx * 0.55) * face.widthPx * 3);
  return { ...face, data };
}

/** Share of the pictures that are taken for covered. */
function share(head: Head, faces: readonly RgbImage[], from = 0.5): number {
  const features = new Float32Array(faces.length * COVER_SHAPE.inputs);
  faces.forEach((face, i) => features.set(coverInput(face), i * COVER_SHAPE.inputs));
  const probabilities = softmaxRows(logitsOf(head, features), 2);
  return faces.filter((_, i) => (probabilities[i * 2 + 1] ?? 0) >= from).length / faces.length;
}

/** Writes the weights as whole numbers of 8 bits, each part with a scale of its own.
 *  @returns the head as it is read again */
async function write(head: Head): Promise<Head> {
  const parts = [head.hiddenWeights, head.hiddenBias, head.outputWeights, head.outputBias];
  const scales = parts.map((part) => part.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127);
  const bytes = parts.flatMap((part, i) =>
    [...part].map((value) => Math.round(value / (scales[i] ?? 1)) & 255),
  );
  const lines = [
    '/** Weights of the net that sees whether the lower half of a face is covered; written by',
    ' *  `npm run train -- cover` (tools/src/train/cover). 8 bits a weight, base64, in the order of the head. */',
    `export const COVER_WEIGHTS =\n  '${Buffer.from(bytes).toString('base64')}';`,
    '/** What one step of each part is worth. */',
    `export const COVER_SCALE: readonly number[] = [${scales.join(', ')}];`,
  ];
  await writeFile(join(ROOT, OUT), `${lines.join('\n')}\n`);
  const [hiddenWeights, hiddenBias, outputWeights, outputBias] = parts.map((part, i) =>
    part.map((value) => Math.round(value / (scales[i] ?? 1)) * (scales[i] ?? 1)),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  return { shape: head.shape, hiddenWeights, hiddenBias, outputWeights, outputBias };
}
