import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { SILENT } from '@regulars/contracts';
import { environmentOfProcess } from '@regulars/runtime';
import { decodePhotograph, openVision, shrinkPhotograph, type OpenedVision } from '@regulars/vision';

/** Nobody is identified by a narrower face. */
export const LEAST_FACE_PX = 24;

export interface EmbedOptions {
  readonly look?: 'quick' | 'close';
  /** The picture is first shrunk until the face is this wide, pixels of the detector's box. */
  readonly faceWidthPx?: number;
}

/** A picture's embedding; null when no face was found, or none that is wide enough. */
export interface EmbeddedPicture {
  readonly embedding: Float32Array | null;
  /** First digits of the sha256 of its file. */
  readonly digest: string;
}

/** Photographs on their way at a time: enough to keep every worker busy while the next is read. */
const IN_FLIGHT = 8;

/** Runs something with the models of the environment, on all cores unless it says otherwise.
 *  @param recogniser instead of the one in use */
export async function withVision<T>(
  work: (vision: OpenedVision, modelsDir: string) => Promise<T>,
  recogniser?: string,
): Promise<T> {
  const { modelsDir, visionProvider, visionThreads } = environmentOfProcess();
  const threads = visionThreads ?? availableParallelism();
  const vision = await openVision({
    modelsDir,
    provider: visionProvider,
    threads,
    telemetry: SILENT,
    ...(recogniser === undefined ? {} : { recogniser }),
  });
  try {
    return await work(vision, modelsDir);
  } finally {
    await vision.close();
  }
}

/** Embeddings of pictures by path, as an enrolment computes them. Of several faces the one nearest the middle is
 *  meant, as in LFW. */
export async function embedPictures(
  vision: OpenedVision,
  root: string,
  paths: readonly string[],
  options: EmbedOptions = {},
): Promise<ReadonlyMap<string, EmbeddedPicture>> {
  const unique = [...new Set(paths)].sort();
  const found = new Map<string, EmbeddedPicture>();
  const queue = unique.values();
  const work = async (): Promise<void> => {
    for (const path of queue) {
      const bytes = await readFile(join(root, path));
      const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
      found.set(path, { embedding: await embed(vision, bytes, options), digest });
      if (found.size % 500 === 0) console.error(`${found.size} of ${unique.length} photographs`);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  return found;
}

async function embed(
  vision: OpenedVision,
  bytes: Uint8Array,
  options: EmbedOptions,
): Promise<Float32Array | null> {
  const { look = 'close', faceWidthPx } = options;
  if (faceWidthPx === undefined) return (await middleFace(vision, bytes, look))?.embedding ?? null;
  const whole = await middleFace(vision, bytes, 'quick');
  if (whole === null) return null;
  const scale = Math.min(1, faceWidthPx / whole.boxPx.width);
  const face = await middleFace(vision, await shrinkPhotograph(bytes, scale), look);
  return face !== null && face.boxPx.width >= LEAST_FACE_PX ? face.embedding : null;
}

async function middleFace(vision: OpenedVision, bytes: Uint8Array, look: 'quick' | 'close') {
  const { widthPx, heightPx } = await decodePhotograph(bytes);
  const found = await vision.analysePhotograph(bytes, look);
  const fromMiddle = ({ boxPx: { x, y, width, height } }: (typeof found)[number]): number =>
    Math.hypot(x + width / 2 - widthPx / 2, y + height / 2 - heightPx / 2);
  const [nearest] = [...found].sort((one, other) => fromMiddle(one) - fromMiddle(other));
  return nearest ?? null;
}
