import { resample, type RgbImage } from '@regulars/vision';

/** Section II of the second seed paper: rotation up to 10 degrees, brightness .8 to 1.2, mirror image, zoom of 5 to
 *  15 %, shift up to 10 px of 224. */
const PAPER = { degrees: 10, brightness: [0.8, 1.2], zoom: [0.05, 0.15], shift: 10 / 224 } as const;

/** One random view of a picture.
 *  @returns sidePx square; past its edges a picture goes on as it ended */
export function augmented(picture: RgbImage, sidePx: number, random: () => number): RgbImage {
  const between = (low: number, high: number): number => low + (high - low) * random();
  const angle = (between(-PAPER.degrees, PAPER.degrees) * Math.PI) / 180;
  const zoom = 1 + between(...PAPER.zoom);
  const light = between(...PAPER.brightness);
  const turned = random() < 0.5 ? -1 : 1;
  const [dx, dy] = [between(-PAPER.shift, PAPER.shift), between(-PAPER.shift, PAPER.shift)];
  const whole = { x: 0, y: 0, width: picture.widthPx, height: picture.heightPx };
  const { data } = resample(picture, whole, sidePx, sidePx);
  const [cos, sin] = [Math.cos(angle) / zoom, Math.sin(angle) / zoom];
  const out = new Uint8Array(data.length);
  const half = (sidePx - 1) / 2;
  for (let y = 0; y < sidePx; y += 1) {
    for (let x = 0; x < sidePx; x += 1) {
      const [u, v] = [x - half - dx * sidePx, y - half - dy * sidePx];
      const fromX = turned * (cos * u + sin * v) + half;
      const fromY = cos * v - sin * u + half;
      sample(data, sidePx, { x: fromX, y: fromY, light }, out, (y * sidePx + x) * 3);
    }
  }
  return { data: out, widthPx: sidePx, heightPx: sidePx };
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly light: number;
}

function sample(data: Uint8Array, side: number, { x, y, light }: Place, out: Uint8Array, to: number): void {
  const inside = (value: number): number => Math.min(side - 1, Math.max(0, value));
  const [left, top] = [inside(Math.floor(x)), inside(Math.floor(y))];
  const [right, bottom] = [inside(left + 1), inside(top + 1)];
  const [fx, fy] = [inside(x) - left, inside(y) - top];
  for (let channel = 0; channel < 3; channel += 1) {
    const at = (column: number, row: number): number => data[(row * side + column) * 3 + channel] ?? 0;
    const upper = at(left, top) * (1 - fx) + at(right, top) * fx;
    const lower = at(left, bottom) * (1 - fx) + at(right, bottom) * fx;
    out[to + channel] = Math.min(255, Math.round((upper * (1 - fy) + lower * fy) * light));
  }
}
