import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { BoxPx } from '@regulars/contracts';
import { messageOf } from '@regulars/contracts';
import type { DetectedFace, Vision } from '@regulars/vision';
import { playFilm } from '../serve.js';
import type { ClipFile } from './people-file.js';
import { newPlanes } from './planes.js';
import type { ClipPicture } from './sprite.js';

/** Pictures of one person from one clip. */
export interface Clip {
  readonly clip: string;
  readonly person: string;
  /** One after the other at the shop's frames a second. */
  readonly pictures: readonly ClipPicture[];
  /** The same pictures as they are in the clip, for enrolment. */
  readonly photographs: readonly Uint8Array[];
  /** Median width of the face in the clip itself. */
  readonly faceWidthPx: number;
}

/** A clip is looked at for so long: pictures of one person repeat themselves anyhow. */
const LONGEST_SECONDS = 12;
const LARGEST_SIDE_PX = 1_280;
/** A face is missed by the detector in so many pictures at most; its place is then taken to lie between. */
const LONGEST_GAP = 2;
/** Below this the face would have to be enlarged by more than a third to be of any use. */
const NARROWEST_PX = 36;
const FEWEST_PICTURES = 5;
/** Faces are kept a little larger than the largest that is drawn, and no larger. */
const KEPT_FACE_PX = 140;
/** Pictures on each side whose faces steady the place of one. */
const STEADIED_BY = 2;

/** Finds the person of a clip with the product's own detector and cuts the pictures to what will be drawn.
 *  @param fps pictures a second
 *  @throws Error naming the file: not readable, no face, several people, too few or too small pictures */
export async function readClip(
  file: ClipFile,
  { ffmpeg, vision, fps }: { readonly ffmpeg: string; readonly vision: Vision; readonly fps: number },
): Promise<Clip> {
  const wrong = (reason: string): Error => new Error(`${file.path}: ${reason}`);
  const photographs: Uint8Array[] = [];
  const faces: (BoxPx | null)[] = [];
  let before: BoxPx | null = null;
  let crowded = 0;
  let size = { widthPx: 0, heightPx: 0 };
  // A name of its own for each reading: what was seen before steers where the detector looks.
  const camera = `clip-${randomUUID()}`;
  try {
    for await (const picture of playFilm({ path: file.path, fps, maxWidthPx: LARGEST_SIDE_PX })) {
      if (picture.atMs >= LONGEST_SECONDS * 1_000) break;
      size = picture;
      const expected: BoxPx[] = before === null ? [] : [before];
      const found = await vision.analyseFrame(camera, picture.jpeg, expected);
      const face = mainFace(found.faces, before);
      if (face && found.faces.some((other) => other !== face && isNear(other.boxPx, face.boxPx))) crowded++;
      before = face?.boxPx ?? before;
      faces.push(face?.boxPx ?? null);
      photographs.push(picture.jpeg);
    }
  } catch (error) {
    throw new Error(`${file.path} cannot be read as a film: ${messageOf(error)}`, { cause: error });
  }
  const run = longestRun(faces);
  if (run === null) throw wrong('no face was found in it');
  const boxes = filled(faces.slice(run.from, run.to));
  const faceWidthPx = median(boxes.map(({ width }) => width));
  if (boxes.length < FEWEST_PICTURES)
    throw wrong(
      `a face is found in ${boxes.length} pictures of it one after the other; ${FEWEST_PICTURES} are needed`,
    );
  if (faceWidthPx < NARROWEST_PX)
    throw wrong(`its face is ${Math.round(faceWidthPx)} px wide; ${NARROWEST_PX} are needed`);
  if (crowded > boxes.length / 5) throw wrong('it shows several people side by side; one is needed');
  const scale = Math.min(1, KEPT_FACE_PX / faceWidthPx);
  const even = (pixels: number) => 2 * Math.max(1, Math.round((pixels * scale) / 2));
  const kept = { widthPx: even(size.widthPx), heightPx: even(size.heightPx) };
  const planes = rawPictures(ffmpeg, file.path, { fps, ...kept, count: run.to });
  const [byX, byY] = [kept.widthPx / size.widthPx, kept.heightPx / size.heightPx];
  const scaled = boxes.map(({ x, y, width, height }) => {
    return { x: x * byX, y: y * byY, width: width * byX, height: height * byY };
  });
  const pictures = scaled.flatMap((faceBoxPx, index) => {
    const data = planes[run.from + index];
    return data === undefined
      ? []
      : [{ planes: { ...kept, data }, faceBoxPx, anchor: anchorOf(scaled, index) }];
  });
  const { clip, person } = file;
  return { clip, person, pictures, photographs: photographs.slice(run.from, run.to), faceWidthPx };
}

/** The largest face, or the one that goes on from the picture before. */
function mainFace(faces: readonly DetectedFace[], before: BoxPx | null): DetectedFace | null {
  const area = ({ boxPx }: DetectedFace) => boxPx.width * boxPx.height;
  const going = before === null ? [] : faces.filter(({ boxPx }) => isNear(boxPx, before));
  const among = going.length > 0 ? going : faces;
  return among.reduce<DetectedFace | null>(
    (best, face) => (best && area(best) >= area(face) ? best : face),
    null,
  );
}

/** Within head and shoulders of a face. */
function isNear(box: BoxPx, face: BoxPx): boolean {
  const [dx, dy] = [
    box.x + box.width / 2 - face.x - face.width / 2,
    box.y + box.height / 2 - face.y - face.height / 2,
  ];
  return Math.abs(dx) < 1.5 * face.width && Math.abs(dy) < 1.8 * face.height;
}

/** The longest stretch with a face in every picture, short gaps allowed. */
function longestRun(faces: readonly (BoxPx | null)[]): { from: number; to: number } | null {
  let best: { from: number; to: number } | null = null;
  let run: { from: number; to: number } | null = null;
  for (const [index, face] of faces.entries()) {
    if (face === null) continue;
    run =
      run !== null && index - run.to <= LONGEST_GAP
        ? { from: run.from, to: index + 1 }
        : { from: index, to: index + 1 };
    if (best === null || run.to - run.from > best.to - best.from) best = run;
  }
  return best;
}

/** Gaps between two faces filled evenly. */
function filled(faces: readonly (BoxPx | null)[]): readonly BoxPx[] {
  return faces.map((face, index) => {
    if (face !== null) return face;
    const from = faces.findLastIndex((other, at) => at < index && other !== null);
    const to = faces.findIndex((other, at) => at > index && other !== null);
    const [a, b] = [faces[from] as BoxPx, faces[to] as BoxPx];
    const share = (index - from) / (to - from);
    const mix = (name: keyof BoxPx) => a[name] + share * (b[name] - a[name]);
    return { x: mix('x'), y: mix('y'), width: mix('width'), height: mix('height') };
  });
}

function anchorOf(boxes: readonly BoxPx[], index: number): ClipPicture['anchor'] {
  const near = boxes.slice(Math.max(0, index - STEADIED_BY), index + STEADIED_BY + 1);
  const mean = (of: (box: BoxPx) => number) => near.reduce((sum, box) => sum + of(box), 0) / near.length;
  return {
    x: mean((box) => box.x + box.width / 2),
    y: mean((box) => box.y + box.height / 2),
    widthPx: mean((box) => box.width),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** The first pictures of a film as I420. @throws Error with ffmpeg's words */
function rawPictures(
  ffmpeg: string,
  path: string,
  { fps, widthPx, heightPx, count }: { fps: number; widthPx: number; heightPx: number; count: number },
): readonly Uint8Array[] {
  const bytes = newPlanes(widthPx, heightPx).data.length;
  const run = spawnSync(
    ffmpeg,
    [
      ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-i', `file:${path}`, '-map', '0:v:0'],
      ...['-vf', `fps=${fps},scale=${widthPx}:${heightPx}`, '-vframes', String(count)],
      ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', 'pipe:1'],
    ],
    { maxBuffer: bytes * count + 4_096 },
  );
  if (run.status !== 0) throw new Error(`${path} cannot be decoded: ${run.stderr?.toString().trim() ?? ''}`);
  const pictures: Uint8Array[] = [];
  for (let at = 0; at + bytes <= run.stdout.length; at += bytes)
    pictures.push(run.stdout.subarray(at, at + bytes));
  return pictures;
}
