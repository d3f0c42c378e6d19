import type { Random } from './random.js';

/** Where a face is at an instant of a walk. */
export interface Place {
  /** Middle of the face, pixels of the camera's picture. */
  readonly x: number;
  readonly y: number;
  readonly faceWidthPx: number;
}

/** A point that a walk passes; between two of them position and size change evenly. */
export interface Waypoint extends Place {
  readonly atMs: number;
}

export type Side = 'left' | 'right';

export interface Ground {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Smallest and largest width of this person's face. */
  readonly faceWidths: readonly [number, number];
  /** How much higher the person's face is than others', pixels. */
  readonly lift: number;
}

/** A customer strolls: pixels a second of a 1280 px picture. Faces of 60 px move by 30 to 50 px between two
 *  frames at 5 a second. */
const SPEED = { least: 150, most: 250 } as const;
const STANDING_MS = { least: 800, most: 3_500 } as const;
const STOPS = [1, 1, 2] as const;
/** So many widths of the face beyond the picture's edge nothing of a person is to be seen. */
const OUT_OF_SIGHT = 1.6;

/** Who is nearer is larger and lower in the picture, as seen from a camera at the ceiling. */
function heightOf(faceWidthPx: number, { heightPx, lift }: Ground): number {
  return 0.2 * heightPx + 1.7 * (faceWidthPx - 48) + 0.1 * heightPx - lift;
}

/** A way through a camera's picture: in from one side, one or two stops, out at a side.
 *  @returns at least three points, the first and last out of sight */
export function walk(startMs: number, enters: Side, ground: Ground, random: Random): readonly Waypoint[] {
  const { widthPx, faceWidths } = ground;
  const [low, high] = faceWidths;
  const clamp = (width: number) => Math.min(high, Math.max(low, width));
  const place = (x: number, faceWidthPx: number): Place => ({
    x,
    y: heightOf(faceWidthPx, ground),
    faceWidthPx,
  });
  const beyond = (side: Side, width: number) =>
    side === 'left' ? -OUT_OF_SIGHT * width : widthPx + OUT_OF_SIGHT * width;
  let width = random.between(low, high);
  const way: Waypoint[] = [{ atMs: startMs, ...place(beyond(enters, width), width) }];
  const go = (x: number, nextWidth: number) => {
    const from = way.at(-1) as Waypoint;
    const speed = (random.between(SPEED.least, SPEED.most) * widthPx) / 1_280;
    const atMs = from.atMs + (1_000 * Math.max(Math.abs(x - from.x), widthPx / 20)) / speed;
    way.push({ atMs, ...place(x, nextWidth) });
  };
  for (let stops = random.pick(STOPS); stops > 0; stops--) {
    width = clamp(width * random.between(0.8, 1.25));
    go(random.between(0.15, 0.85) * widthPx, width);
    const here = way.at(-1) as Waypoint;
    way.push({ ...here, atMs: here.atMs + random.between(STANDING_MS.least, STANDING_MS.most) });
  }
  width = clamp(width * random.between(0.85, 1.15));
  go(beyond(random.chance(0.7) ? opposite(enters) : enters, width), width);
  return way;
}

export function opposite(side: Side): Side {
  return side === 'left' ? 'right' : 'left';
}

const BOB = { px: 0.03, everyMs: 620 } as const;

/** Where a walk is at an instant; walking heads go up and down a little.
 *  @returns null before its first and after its last point */
export function placeAt(way: readonly Waypoint[], atMs: number): Place | null {
  const next = way.findIndex((point) => point.atMs >= atMs);
  const [from, to] = [way[Math.max(0, next - 1)], way[next]];
  if (from === undefined || to === undefined || atMs < from.atMs) return null;
  const share = to.atMs === from.atMs ? 1 : (atMs - from.atMs) / (to.atMs - from.atMs);
  const mix = (a: number, b: number) => a + share * (b - a);
  const faceWidthPx = mix(from.faceWidthPx, to.faceWidthPx);
  const walks = from.x !== to.x;
  const bob = walks ? BOB.px * faceWidthPx * Math.sin((2 * Math.PI * atMs) / BOB.everyMs) : 0;
  return { x: mix(from.x, to.x), y: mix(from.y, to.y) + bob, faceWidthPx };
}
