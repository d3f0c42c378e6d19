import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import { cropFace, cropSquare, decodePhotograph, seenSquare, type Vision } from '@regulars/vision';
import { DatasetError } from '../../faces-data/dataset-error.js';
import { playFilm } from '../../serve.js';
import type { Face } from './faces.js';

const PHOTOGRAPHS = new Set(['.png', '.jpg', '.jpeg', '.webp']);
const FILMS = new Set(['.mp4', '.mkv', '.mov', '.avi', '.webm']);
const LARGEST_SIDE_PX = 1_280;

/** A face that the detector found, as the nets look at it. */
export type SeenFace = Pick<Face, 'name' | 'picture' | 'quality'>;

interface Looking {
  readonly vision: Pick<Vision, 'analysePhotograph'>;
  /** Pictures a second of a film. */
  readonly fps: number;
}

/** Every face of every photograph and film below a folder; pictures that cannot be read are said on stderr.
 *  @throws DatasetError DATA_MISSING, DATA_EMPTY */
export async function* facesSeenIn(data: string, { vision, fps }: Looking): AsyncGenerator<SeenFace> {
  const isThere = await stat(data).catch(() => null);
  if (isThere?.isDirectory() !== true)
    throw new DatasetError('DATA_MISSING', '--data', `${data} is no folder`, 'Check the path.');
  const entries = await readdir(data, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const kinds = (known: ReadonlySet<string>) =>
    paths.filter((path) => known.has(extname(path).toLowerCase())).sort();
  const [photographs, films] = [kinds(PHOTOGRAPHS), kinds(FILMS)];
  if (photographs.length + films.length === 0) {
    const remedy =
      'Give a folder with photographs (.jpg, .png, .webp) or films (.mp4, .mkv, .mov, .avi, .webm).';
    throw new DatasetError('DATA_EMPTY', '--data', `${data} holds neither`, remedy);
  }
  const nameOf = (path: string) => relative(data, path);
  for (const path of photographs) yield* facesOf(vision, await readFile(path), nameOf(path));
  for (const path of films)
    for await (const { atMs, jpeg } of playFilm({ path, fps, maxWidthPx: LARGEST_SIDE_PX }))
      yield* facesOf(vision, jpeg, `${nameOf(path)}, ${(atMs / 1_000).toFixed(1)} s`);
}

async function* facesOf(
  vision: Looking['vision'],
  bytes: Uint8Array,
  name: string,
): AsyncGenerator<SeenFace> {
  const image = await decodePhotograph(bytes).catch(() => null);
  if (image === null) {
    console.error(`${name}: cannot be read`);
    return;
  }
  for (const { landmarks, quality } of await vision.analysePhotograph(bytes, 'quick')) {
    const crop = cropFace(image, landmarks);
    if (crop === null) continue;
    const square = seenSquare(crop);
    yield { name, picture: cropSquare(crop, square, Math.round(square.sizePx)), quality };
  }
}
