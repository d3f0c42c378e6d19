import { fill, newPlanes, type Planes, type Rectangle } from './planes.js';
import type { Random } from './random.js';

/** What a camera sees when nobody is there, and what people walk behind. */
export interface Scenery {
  readonly empty: Planes;
  /** Stands before everybody. */
  readonly pillar: Rectangle;
  /** How bright people are here, against their clip. */
  readonly light: number;
}

const PILLAR_PX = { least: 40, most: 64 } as const;
const LIGHT = { least: 0.86, most: 1.1 } as const;

/** Draws a shop: a wall, shelves with goods, the floor, a pillar. */
export function drawScenery(widthPx: number, heightPx: number, random: Random): Scenery {
  const empty = newPlanes(widthPx, heightPx);
  const wall = random.between(140, 175);
  const [u, v] = [random.between(122, 132), random.between(124, 134)];
  const bands = 24;
  for (let band = 0; band < bands; band++) {
    const area = { x: 0, y: (band * heightPx) / bands, width: widthPx, height: heightPx / bands + 1 };
    fill(empty, area, { y: wall + 14 * Math.sin(band / 5), u, v });
  }
  for (let shelf = 0; shelf < 3; shelf++) drawShelf(empty, (0.1 + 0.17 * shelf) * heightPx, random);
  fill(
    empty,
    { x: 0, y: 0.84 * heightPx, width: widthPx, height: 0.16 * heightPx },
    { y: 92, u: 122, v: 134 },
  );
  const pillar = {
    x: random.between(0.3, 0.7) * widthPx,
    y: 0,
    width: (random.between(PILLAR_PX.least, PILLAR_PX.most) * widthPx) / 1_280,
    height: heightPx,
  };
  return { empty, pillar, light: random.between(LIGHT.least, LIGHT.most) };
}

function drawShelf(planes: Planes, y: number, random: Random): void {
  const height = 0.1 * planes.heightPx;
  for (let x = random.between(0, 60); x < planes.widthPx;) {
    const width = random.between(16, 54);
    const tall = height * random.between(0.5, 1);
    const colour = { y: random.between(60, 190), u: random.between(96, 160), v: random.between(96, 160) };
    fill(planes, { x, y: y + height - tall, width, height: tall }, colour);
    x += width + random.between(2, 30);
  }
  fill(planes, { x: 0, y: y + height, width: planes.widthPx, height: 5 }, { y: 70, u: 120, v: 138 });
}

/** The pillar once more, over the people. */
export function drawPillar(planes: Planes, { x, y, width, height }: Rectangle): void {
  fill(planes, { x, y, width, height }, { y: 118, u: 126, v: 130 });
  fill(planes, { x: x + width * 0.7, y, width: width * 0.3, height }, { y: 98, u: 126, v: 130 });
}
