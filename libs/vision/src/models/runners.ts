import type { BoxPx } from '@regulars/contracts';
import type { ChipShape } from '../geometry/chips.js';
import type { DetectedFace, ExpressionScores, PointPx, RgbImage } from '../vision.js';

/** Side of the picture that the face detector looks at. */
export const DETECTOR_TILE_PX = 256;

/** Side of the picture that it looks at for one face whose place and size are known: a quarter of the work. */
export const NEAR_TILE_PX = 128;

/** Score from which a detection counts as a face. */
export const DETECTOR_MIN_SCORE = 0.5;

/** Which execution provider to use: `auto` takes CUDA when its libraries load, else the CPU. */
export type ProviderChoice = 'auto' | 'cpu' | 'cuda';
export type Provider = 'cpu' | 'cuda';

export interface DetectOptions {
  /** Faces with a lower score are left out; DETECTOR_MIN_SCORE by default. */
  readonly minScore?: number;
}

/** Finds faces in square tiles. A face is found from about 1/13 of the tile's side upwards (20 px of 256), best
 *  from 1/8; one cut by the tile's edge may be missed, so tiles overlap. */
export interface FaceDetector {
  /** @param tiles each DETECTOR_TILE_PX square; any number, run in batches
   *  @returns for each tile in order its faces in pixels of the tile, best first, overlaps already merged
   *  @throws RegularsError MODEL_MISMATCH when a tile has another size */
  detect(tiles: readonly RgbImage[], options?: DetectOptions): Promise<readonly (readonly DetectedFace[])[]>;
  /** The same for tiles of NEAR_TILE_PX, which suit faces of a quarter to a half of their side. */
  detectNear(tiles: readonly RgbImage[]): Promise<readonly (readonly DetectedFace[])[]>;
}

/** Locates 68 landmarks in each box. */
export interface LandmarkLocator {
  /** @param boxes faces as the detector gives them, in pixels of `image`; they are widened and squared here, and
   *  may reach over the picture's edge
   *  @returns for each box in order 68 points in pixels of `image`, in the order of the iBUG 300-W mark-up */
  locate(image: RgbImage, boxes: readonly BoxPx[]): Promise<readonly (readonly PointPx[])[]>;
}

/** Locates the five points that faces are aligned by, in another way than the landmark net. */
export interface FivePointLocator {
  /** @param landmarks 68 points, which say where the face is
   *  @returns outer and inner corner of the person's left eye, of the right eye, base of the nose, in pixels */
  locate(image: RgbImage, landmarks: readonly PointPx[]): readonly PointPx[];
}

export interface EncodeOptions {
  /** Encodes the mirrored chip as well and averages the two: twice the time, and 2 points more of TAR at
   *  FMR 1e-3 on LFW. */
  readonly mirrored?: boolean;
}

/** Turns aligned faces into embeddings. */
export interface FaceEncoder {
  /** Name of the recogniser in models/manifest.json; embeddings of another one are not comparable. */
  readonly recogniser: string;
  /** Components of an embedding. */
  readonly dimensions: number;
  /** How faces are laid out for it. */
  readonly chip: ChipShape;
  /** @param chips of that shape
   *  @returns for each chip in order a vector of unit length; compare them with cosineDistance
   *  @throws RegularsError MODEL_MISMATCH when a chip has another size, or the numbers are not finite */
  encode(chips: readonly RgbImage[], options?: EncodeOptions): Promise<readonly Float32Array[]>;
}

export interface ScoreOptions {
  /** Scores the mirror image as well. */
  readonly bothSides?: boolean;
  /** Says how likely the lower face is covered. */
  readonly looksForCover?: boolean;
}

/** Scores the expression of upright face crops. */
export interface ExpressionNet {
  /** @param crops upright, square, the face filling about two thirds from chin to hairline, as Vision.cropView
   *  makes them; any size
   *  @returns for each crop in order a probability per class, summing to 1 */
  score(crops: readonly RgbImage[], options?: ScoreOptions): Promise<readonly ExpressionScores[]>;
}

/** What is needed to look at faces, each on sessions of one thread. Open one set per worker thread. */
export interface ModelRunners {
  readonly provider: Provider;
  readonly detector: FaceDetector;
  readonly landmarks: LandmarkLocator;
  readonly fivePoints: FivePointLocator;
  readonly encoder: FaceEncoder;
  readonly expression: ExpressionNet;
  /** Frees the sessions; the runners cannot be used afterwards. */
  release(): Promise<void>;
}
