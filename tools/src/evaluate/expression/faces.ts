import type { ViewQuality } from '@regulars/contracts';
import {
  cropFace,
  cropSquare,
  decodePhotograph,
  seenSquare,
  type RgbImage,
  type Vision,
} from '@regulars/vision';
import type { LabelledPicture } from '../../faces-data/dataset.js';
import type { Truth } from '../../faces-data/labels.js';
import { squared } from './variants.js';

/** A face to be read: what the nets look at, and how well it could be seen. */
export interface Face {
  readonly name: string;
  readonly truth: Truth;
  /** Square, from the brows to the chin. */
  readonly picture: RgbImage;
  readonly quality: ViewQuality;
}

/** Whether pictures are faces already cut out, or photographs in which the detector is to find one. */
export type Framing = 'crop' | 'photograph' | 'auto';

/** A smaller picture is taken for a face already cut out. */
const PHOTOGRAPH_FROM_PX = 100;

export interface FoundFaces {
  readonly faces: readonly Face[];
  readonly notFound: readonly string[];
  readonly unreadable: readonly string[];
}

type Finder = Pick<Vision, 'analysePhotograph'>;

/** Decodes pictures and finds in each the face nearest its middle. */
export async function findFaces(
  pictures: readonly LabelledPicture[],
  framing: Framing,
  openFinder: () => Promise<Finder>,
): Promise<FoundFaces> {
  const found = { faces: [] as Face[], notFound: [] as string[], unreadable: [] as string[] };
  let finder: Finder | null = null;
  for (const { name, truth, bytes } of pictures) {
    const image = await decodePhotograph(bytes).catch(() => null);
    if (image === null) {
      found.unreadable.push(name);
      continue;
    }
    const small = Math.min(image.widthPx, image.heightPx) < PHOTOGRAPH_FROM_PX;
    if (framing === 'crop' || (framing === 'auto' && small)) {
      found.faces.push({ name, truth, ...tight(image) });
      continue;
    }
    finder ??= await openFinder();
    const face = await nearestMiddle(finder, bytes, image);
    if (face === null) found.notFound.push(name);
    else found.faces.push({ name, truth, ...face });
  }
  return found;
}

type Seen = Pick<Face, 'picture' | 'quality'>;

/** Nothing is known of a face that was cut out elsewhere but its size and how bright it is. */
function tight(image: RgbImage): Seen {
  const picture = squared(image);
  const quality = {
    faceWidthPx: picture.widthPx,
    sharpness: 1_000,
    yawDegrees: 0,
    pitchDegrees: 0,
    brightness: picture.data.reduce((sum, level) => sum + level, 0) / picture.data.length,
  };
  return { picture, quality };
}

async function nearestMiddle(finder: Finder, bytes: Uint8Array, image: RgbImage): Promise<Seen | null> {
  const views = await finder.analysePhotograph(bytes, 'quick');
  const fromMiddle = ({
    x,
    y,
    width,
    height,
  }: {
    x: number;
    y: number;
    width: number;
    height: number;
  }): number => Math.hypot(x + width / 2 - image.widthPx / 2, y + height / 2 - image.heightPx / 2);
  const [view] = [...views].sort((a, b) => fromMiddle(a.boxPx) - fromMiddle(b.boxPx));
  const crop = view ? cropFace(image, view.landmarks) : null;
  if (view === undefined || crop === null) return null;
  const square = seenSquare(crop);
  return { picture: cropSquare(crop, square, Math.round(square.sizePx)), quality: view.quality };
}
