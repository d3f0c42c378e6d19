import type { BoxPx, ViewQuality } from '@regulars/contracts';
import type { SaliencyMap } from './expression/saliency.js';

/** A picture in memory: RGB, interleaved, rows from the top, 8 bits a channel. */
export interface RgbImage {
  /** Length widthPx * heightPx * 3. */
  readonly data: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** A point in pixels of the picture it was found in. */
export interface PointPx {
  readonly x: number;
  readonly y: number;
}

/** A face as the detector gives it. */
export interface DetectedFace {
  readonly boxPx: BoxPx;
  /** Detector's confidence, 0 to 1. */
  readonly score: number;
  /** Right eye, left eye, nose, mouth, right ear, left ear (the person's own right and left). */
  readonly keypoints: readonly PointPx[];
}

/** 99 % of the faces of LFW lie below. */
export const MOST_LANDMARK_ERROR = 0.11;

/** A face with what is needed to align and to judge it. */
export interface FaceView extends DetectedFace {
  /** 68 landmarks in the order of the iBUG 300-W mark-up. */
  readonly landmarks: readonly PointPx[];
  /** How far off the detector sees the same features, in widths of the face. Above MOST_LANDMARK_ERROR the
   *  landmarks are wrong (a profile, a poor picture, no face), and with them alignment, quality and embedding. */
  readonly landmarkError: number;
  readonly quality: ViewQuality;
}

/** Raw probabilities of the expression net, in the order of its classes. */
export interface ExpressionScores {
  readonly classes: readonly string[];
  readonly probabilities: Float32Array;
  /** The same of the crop's mirror image, where it was asked for. */
  readonly mirrored?: Float32Array;
  /** What the net's head reads, where the net gives it: MobileNetV2's 1,280 means. */
  readonly features?: Float32Array;
  readonly mirroredFeatures?: Float32Array;
  /** How likely the lower face is covered, 0 to 1; absent where nobody looked. */
  readonly covered?: number;
}

/** A score and what it rests on. */
export interface ExplainedExpression {
  readonly scores: ExpressionScores;
  /** Of the probability of the satisfied classes less that of the dissatisfied ones. */
  readonly map: SaliencyMap;
}

/** Why a face was scored as it was. */
export interface ExpressionExplanation {
  /** The upright crop that was scored. */
  readonly jpeg: Uint8Array;
  readonly quality: ViewQuality;
  readonly plain: ExplainedExpression;
  /** The same crop with the lower face covered. */
  readonly covered: ExplainedExpression;
}

/** The faces of one frame; `handle` names the decoded frame until the next one of the same camera. */
export interface FrameAnalysis {
  readonly handle: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly faces: readonly FaceView[];
  /** Tiles that the detector looked at: 8 would be all of a 1280x720 frame; a look at one face alone is a quarter. */
  readonly tiles: number;
}

/** What the services need of the vision models. Runs in worker threads, one thread a session, so that the
 *  event loop stays free. */
export interface Vision {
  /** Execution provider in use, for metrics. */
  readonly provider: 'cpu' | 'cuda';
  /** Name of the recogniser in models/manifest.json; templates of another one are not comparable. */
  readonly recogniser: string;
  /** Decodes a frame and finds faces where people may be: where `expectedPx` says that somebody was, where
   *  the picture moved, and in a slow sweep over the rest.
   *  @throws RegularsError PICTURE_UNREADABLE */
  analyseFrame(cameraId: string, jpeg: Uint8Array, expectedPx: readonly BoxPx[]): Promise<FrameAnalysis>;
  /** Embeddings of faces of the frame that `handle` names, unit length.
   *  @param look `close` averages six chips of each face: six times the work, for views that decide
   *  @returns one per face in order, or null when a newer frame took the frame's place */
  embedViews(
    handle: string,
    faces: readonly FaceView[],
    look?: 'quick' | 'close',
  ): Promise<readonly Float32Array[] | null>;
  /** Upright crop of a face, FACE_CROP_PX square, as JPEG; null when the frame is gone. */
  cropView(handle: string, face: FaceView): Promise<Uint8Array | null>;
  /** Every face of a photograph (JPEG, PNG, WebP; EXIF orientation applied), looked at as closely as the
   *  models allow, with its embedding.
   *  @param look `close` when absent
   *  @throws RegularsError PICTURE_UNREADABLE, PICTURE_TOO_LARGE */
  analysePhotograph(
    bytes: Uint8Array,
    look?: 'quick' | 'close',
  ): Promise<readonly (FaceView & { readonly embedding: Float32Array })[]>;
  /** Scores upright crops as made by cropView, and their mirror images. */
  scoreExpressions(crops: readonly Uint8Array[]): Promise<readonly ExpressionScores[]>;
  /** Why a face of a picture is scored as it is (290 scorings, about half a second).
   *  @param boxPx where the face is; the largest when null
   *  @throws RegularsError PICTURE_UNREADABLE, PICTURE_TOO_LARGE, FACE_NOT_FOUND */
  explainExpression(bytes: Uint8Array, boxPx: BoxPx | null): Promise<ExpressionExplanation>;
  close(): Promise<void>;
}
