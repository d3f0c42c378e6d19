import { resample, type RgbImage } from '@regulars/vision';

const SIDE = 16;
/** Correlation of two pictures of 16 px from which they are taken for one: what training/expression uses. */
const ALIKE_FROM = 0.98;
/** A picture of even grey is like every other. */
const LEAST_DEVIATION = 2;

/** 16x16 grey values without their mean, unit length, so that a dot product is a correlation. */
export function descriptorOf(picture: RgbImage, mirrored = false): Float32Array {
  const whole = { x: 0, y: 0, width: picture.widthPx, height: picture.heightPx };
  const { data } = resample(picture, whole, SIDE, SIDE);
  const values = Float32Array.from({ length: SIDE * SIDE }, (_, i) => {
    const column = i % SIDE;
    const at = (i - column + (mirrored ? SIDE - 1 - column : column)) * 3;
    return 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
  });
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const length = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0));
  const least = LEAST_DEVIATION * SIDE;
  return values.map((value) => (value - mean) / Math.max(length, least));
}

function correlation(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** Puts pictures together that are near-duplicates, also mirrored, or of one person.
 *  @param persons who is on each picture; null where that is not known
 *  @returns one number per picture, the same for those that belong together */
export function groupsOf(pictures: readonly RgbImage[], persons: readonly (string | null)[]): Int32Array {
  const parent = Int32Array.from(pictures, (_, index) => index);
  const root = (index: number): number => {
    let at = index;
    while (parent[at] !== at) at = parent[at] = parent[parent[at] as number] as number;
    return at;
  };
  const join = (a: number, b: number): void => {
    parent[root(b)] = root(a);
  };
  const plain = pictures.map((picture) => descriptorOf(picture));
  const turned = pictures.map((picture) => descriptorOf(picture, true));
  const firstOf = new Map<string, number>();
  plain.forEach((one, i) => {
    const person = persons[i];
    if (person) {
      const first = firstOf.get(person);
      if (first === undefined) firstOf.set(person, i);
      else join(first, i);
    }
    for (let j = i + 1; j < plain.length; j += 1) {
      const [other, mirror] = [plain[j], turned[j]];
      if (other === undefined || mirror === undefined) continue;
      if (correlation(one, other) >= ALIKE_FROM || correlation(one, mirror) >= ALIKE_FROM) join(i, j);
    }
  });
  return Int32Array.from(pictures, (_, index) => root(index));
}
