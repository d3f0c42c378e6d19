import type { Clip } from './clips.js';
import type { FilmWriter } from './film-writer.js';
import { placeAt, type Place } from './paths.js';
import { newPlanes, type Rectangle } from './planes.js';
import type { PlannedPass } from './schedule.js';
import { drawPillar, type Scenery } from './scenery.js';
import { type ClipPicture, drawPerson, hides, placedBox } from './sprite.js';
import type { ShopTruth, TrueFace } from './truth.js';

export type TrueFrame = ShopTruth['cameras'][number]['frames'][number];

export interface CameraScript {
  readonly scenery: Scenery;
  readonly passes: readonly PlannedPass[];
  /** Clips of each person that are shown. */
  readonly clipsOf: ReadonlyMap<string, readonly Clip[]>;
  readonly fps: number;
  readonly durationMs: number;
}

interface Standing {
  readonly pass: PlannedPass;
  readonly place: Place;
  readonly picture: ClipPicture;
}

/** A face's box is looked at in so many points a side to see how much of it is hidden. */
const POINTS = 8;

/** Draws what one camera sees, frame by frame.
 *  @returns what is to be seen in it: frames with somebody, in order */
export async function compose(script: CameraScript, film: Pick<FilmWriter, 'add'>): Promise<TrueFrame[]> {
  const { scenery, fps, durationMs } = script;
  const { widthPx, heightPx, data } = scenery.empty;
  const canvas = newPlanes(widthPx, heightPx);
  const frames: TrueFrame[] = [];
  for (let frame = 0; (frame * 1_000) / fps < durationMs; frame++) {
    const atMs = (frame * 1_000) / fps;
    const standing = whoStands(script, atMs);
    canvas.data.set(data);
    for (const { picture, place } of standing) drawPerson(canvas, picture, place, scenery.light);
    drawPillar(canvas, scenery.pillar);
    const faces = trueFaces(standing, { widthPx, heightPx }, scenery.pillar);
    if (faces.length > 0) frames.push({ atMs, faces });
    await film.add(canvas);
  }
  return frames;
}

/** Who is before the camera, the nearest last. */
function whoStands({ passes, clipsOf, fps }: CameraScript, atMs: number): readonly Standing[] {
  return passes
    .flatMap((pass) => {
      const place = placeAt(pass.way, atMs);
      const pictures = clipsOf.get(pass.person)?.[pass.clip]?.pictures ?? [];
      if (place === null || pictures.length === 0) return [];
      const sinceMs = atMs - (pass.way[0]?.atMs ?? 0);
      const picture =
        pictures[toAndFro(Math.floor((sinceMs * fps) / 1_000) + pass.pass * 3, pictures.length)];
      return picture === undefined ? [] : [{ pass, place, picture }];
    })
    .sort((a, b) => a.place.faceWidthPx - b.place.faceWidthPx || a.pass.pass - b.pass.pass);
}

/** A clip forwards, backwards, forwards again: without a jump. */
export function toAndFro(index: number, count: number): number {
  if (count < 2) return 0;
  const at = index % (2 * count - 2);
  return at < count ? at : 2 * count - 2 - at;
}

function trueFaces(
  standing: readonly Standing[],
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
  pillar: Rectangle,
): TrueFace[] {
  return standing.flatMap(({ pass, place, picture }, index) => {
    const boxPx = placedBox(picture, place);
    const nearer = standing.slice(index + 1);
    let seen = 0;
    for (let point = 0; point < POINTS * POINTS; point++) {
      const x = boxPx.x + (((point % POINTS) + 0.5) * boxPx.width) / POINTS;
      const y = boxPx.y + ((Math.floor(point / POINTS) + 0.5) * boxPx.height) / POINTS;
      const inside = x >= 0 && x < widthPx && y >= 0 && y < heightPx;
      const behind = x >= pillar.x && x < pillar.x + pillar.width;
      if (inside && !behind && !nearer.some((other) => hides(other.place, x, y))) seen++;
    }
    const visible = seen / (POINTS * POINTS);
    return visible === 0 ? [] : [{ person: pass.person, pass: pass.pass, boxPx: rounded(boxPx), visible }];
  });
}

function rounded<T extends Record<string, number>>(box: T): T {
  return Object.fromEntries(
    Object.entries(box).map(([name, value]) => [name, Math.round(value * 10) / 10]),
  ) as T;
}
