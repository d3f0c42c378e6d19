import { cropSquare } from '../image/resize.js';
import type { RgbImage } from '../vision.js';
import { logitsOf, softmaxRows, type Head, type HeadShape } from './head.js';
import { COVER_SCALE, COVER_WEIGHTS } from './cover-weights.js';

/** Side of the grey picture that is looked at. */
export const COVER_SIDE_PX = 32;
const CELLS = 8;
/** Slopes are sorted by direction into so many kinds, a slope and its opposite alike. */
const DIRECTIONS = 4;
/** Mean brightness and slopes of each cell. */
const PER_CELL = 1 + DIRECTIONS;
export const COVER_SHAPE: HeadShape = { inputs: CELLS * CELLS * PER_CELL, hidden: 24, outputs: 2 };
/** Less contrast than this is noise and is not blown up to look like a face. */
const LEAST_DEVIATION = 8;

/** A small grey picture of the face without its brightness and contrast. */
function standardised(face: RgbImage): Float32Array {
  const side = COVER_SIDE_PX;
  const sizePx = Math.min(face.widthPx, face.heightPx);
  const { data } = cropSquare(face, { x: 0, y: 0, sizePx }, side);
  const grey = Float32Array.from(
    { length: side * side },
    (_, i) =>
      0.299 * (data[i * 3] as number) +
      0.587 * (data[i * 3 + 1] as number) +
      0.114 * (data[i * 3 + 2] as number),
  );
  const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length;
  const variance = grey.reduce((sum, value) => sum + (value - mean) ** 2, 0) / grey.length;
  const deviation = Math.max(LEAST_DEVIATION, Math.sqrt(variance));
  return grey.map((value) => (value - mean) / deviation);
}

/** What the detector of covered faces looks at: for each of 8 x 8 cells of the face from brows to chin its mean
 *  brightness and how steep it is in four directions (histograms of oriented gradients, Dalal and Triggs 2005). */
export function coverInput(face: RgbImage): Float32Array {
  const side = COVER_SIDE_PX;
  const grey = standardised(face);
  const out = new Float32Array(COVER_SHAPE.inputs);
  const cellPx = side / CELLS;
  const share = 1 / (cellPx * cellPx);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const cell = (Math.floor(y / cellPx) * CELLS + Math.floor(x / cellPx)) * PER_CELL;
      out[cell] = (out[cell] as number) + (grey[y * side + x] as number) * share;
      if (x === 0 || y === 0 || x === side - 1 || y === side - 1) continue;
      const dx = (grey[y * side + x + 1] as number) - (grey[y * side + x - 1] as number);
      const dy = (grey[(y + 1) * side + x] as number) - (grey[(y - 1) * side + x] as number);
      const turn = (Math.atan2(dy, dx) / Math.PI + 2) % 1;
      const place = cell + 1 + (Math.floor(turn * DIRECTIONS + 0.5) % DIRECTIONS);
      out[place] = (out[place] as number) + Math.hypot(dx, dy) * share;
    }
  }
  return out;
}

let known: Head | null = null;

function coverHead(): Head {
  if (known !== null) return known;
  const { inputs, hidden, outputs } = COVER_SHAPE;
  const bytes = new Int8Array(Buffer.from(COVER_WEIGHTS, 'base64'));
  let at = 0;
  const take = (length: number, part: number) =>
    Float32Array.from({ length }, () => (bytes[at++] ?? 0) * (COVER_SCALE[part] ?? 0));
  known = {
    shape: COVER_SHAPE,
    hiddenWeights: take(inputs * hidden, 0),
    hiddenBias: take(hidden, 1),
    outputWeights: take(hidden * outputs, 2),
    outputBias: take(outputs, 3),
  };
  return known;
}

/** How likely the lower half of each face is covered: by a mask, a scarf, a hand (0.05 ms each).
 *  @param faces squares from the brows to the chin, as the expression nets see them
 *  @returns 0 to 1 each */
export function coveredShares(faces: readonly RgbImage[]): Float32Array {
  const { inputs, outputs } = COVER_SHAPE;
  const all = new Float32Array(faces.length * inputs);
  faces.forEach((face, i) => all.set(coverInput(face), i * inputs));
  const probabilities = softmaxRows(logitsOf(coverHead(), all), outputs);
  return Float32Array.from(faces, (_, i) => probabilities[i * outputs + 1] as number);
}
