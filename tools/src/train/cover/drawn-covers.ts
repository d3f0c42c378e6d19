import { resample, type RgbImage } from '@regulars/vision';

/** Random numbers in 0..1. */
type Random = () => number;

const between = (random: Random, low: number, high: number) => low + (high - low) * random();

/** Brightness of a point of a cloth or hand, x and y in sides of the picture. */
type Texture = (x: number, y: number) => number;

function textureOf(random: Random, other: RgbImage): Texture {
  const base = between(random, 10, 245);
  const slope = between(random, -80, 80);
  const grain = between(random, 0, 14);
  const lines = random() < 0.4 ? between(random, 4, 25) : 0;
  const count = between(random, 3, 14);
  const turned = random() < 0.3;
  const patch = random() < 0.25;
  const [ox, oy] = [random(), random()];
  return (x, y) => {
    if (patch) {
      const px = Math.floor(((x + ox) % 1) * other.widthPx);
      const py = Math.floor(((y + oy) % 1) * other.heightPx);
      return other.data[(py * other.widthPx + px) * 3] as number;
    }
    const wave = lines * Math.sin((turned ? x : y) * count * Math.PI);
    return base + slope * (x - 0.5) + wave + grain * (random() - 0.5);
  };
}

/** Whether a point belongs to the cover. */
type Area = (x: number, y: number) => boolean;

/** A mask, a scarf or a hand over mouth and chin. */
function lowerArea(random: Random): Area {
  const kind = random();
  const top = between(random, 0.42, 0.62);
  const middle = between(random, 0.35, 0.65);
  if (kind < 0.5) {
    const curve = between(random, -0.15, 0.45);
    const [left, right] = [between(random, -0.1, 0.2), between(random, 0.8, 1.1)];
    const bottom = between(random, 0.9, 1.2);
    return (x, y) => x > left && x < right && y < bottom && y > top + curve * (x - middle) ** 2;
  }
  if (kind < 0.75) {
    const tilt = between(random, -0.15, 0.15);
    return (x, y) => y > top + tilt * (x - 0.5);
  }
  const [cx, cy] = [between(random, 0.35, 0.65), between(random, 0.72, 0.85)];
  const [rx, ry] = [between(random, 0.26, 0.5), between(random, 0.17, 0.32)];
  return (x, y) => ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1;
}

/** Glasses, a fringe, a cap, a cheek in shadow: what does not hide the mouth. */
function harmlessArea(random: Random): Area {
  const kind = random();
  if (kind < 0.4) {
    const y0 = between(random, 0.2, 0.3);
    const height = between(random, 0.1, 0.18);
    const gap = between(random, 0, 0.1);
    return (x, y) => y > y0 && y < y0 + height && Math.abs(x - 0.5) > gap;
  }
  if (kind < 0.7) {
    const bottom = between(random, 0.08, 0.3);
    return (_, y) => y < bottom;
  }
  const edge = between(random, 0.1, 0.25);
  const isLeft = random() < 0.5;
  return (x) => (isLeft ? x < edge : x > 1 - edge);
}

/** The face shifted, scaled and mirrored as crops of a camera are. */
function moved(face: RgbImage, random: Random): RgbImage {
  const size = face.widthPx / between(random, 0.92, 1.2);
  const slack = face.widthPx * 0.07;
  const x = (face.widthPx - size) / 2 + between(random, -slack, slack);
  const y = (face.heightPx - size) / 2 + between(random, -slack, slack);
  const inside = Math.min(size, face.widthPx);
  const clamp = (value: number) => Math.max(0, Math.min(face.widthPx - inside, value));
  const region = { x: clamp(x), y: clamp(y), width: inside, height: inside };
  return resample(face, region, face.widthPx, face.heightPx);
}

/** A training picture: a face as it is, with something harmless before it, or with its lower half covered.
 *  @param other lends its surface to some cloths */
export function drawnExample(
  face: RgbImage,
  other: RgbImage,
  random: Random,
): { readonly picture: RgbImage; readonly isCovered: boolean } {
  const picture = moved(face, random);
  const isCovered = random() < 0.5;
  const area = isCovered ? lowerArea(random) : random() < 0.4 ? harmlessArea(random) : null;
  if (area === null) return { picture, isCovered };
  const texture = textureOf(random, other);
  const data = picture.data.slice();
  for (let at = 0; at < picture.widthPx * picture.heightPx; at += 1) {
    const x = ((at % picture.widthPx) + 0.5) / picture.widthPx;
    const y = (Math.floor(at / picture.widthPx) + 0.5) / picture.heightPx;
    if (area(x, y)) data.fill(Math.max(0, Math.min(255, texture(x, y))), at * 3, at * 3 + 3);
  }
  return { picture: { ...picture, data }, isCovered };
}
