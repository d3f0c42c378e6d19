import { RegularsError } from '@regulars/contracts';
import type { ExpressionScores, FaceView, FrameAnalysis, Vision } from '@regulars/vision';

/** A person as a test puts one into a frame. */
export interface Extra {
  readonly x: number;
  readonly y?: number;
  readonly widthPx?: number;
  /** Who it is: the same number, the same face. */
  readonly face: number;
}

const DIMENSIONS = 16;

/** The embedding of a face by number: faces of different numbers are strangers. */
export function embeddingOf(face: number): Float32Array {
  return Float32Array.from({ length: DIMENSIONS }, (_, i) => (i === face ? 1 : 0));
}

/** Sees in a frame who its bytes say is there (JSON of Extra[]), and knows faces by their numbers. */
export class ScriptedVision implements Vision {
  readonly provider = 'cpu';
  readonly recogniser = 'dlib-resnet';
  embedded = 0;
  private readonly people = new Map<string, readonly Extra[]>();
  private frames = 0;

  async analyseFrame(cameraId: string, jpeg: Uint8Array): Promise<FrameAnalysis> {
    const people = JSON.parse(Buffer.from(jpeg).toString()) as Extra[];
    const handle = `${cameraId}#${this.frames++}`;
    this.people.set(handle, people);
    const faces = people.map(({ x, y = 200, widthPx = 80 }): FaceView => {
      const quality = {
        faceWidthPx: widthPx,
        sharpness: 200,
        yawDegrees: 0,
        pitchDegrees: 0,
        brightness: 120,
      };
      const boxPx = { x, y, width: widthPx, height: widthPx };
      return { boxPx, score: 0.95, keypoints: [], landmarks: [], landmarkError: 0.03, quality };
    });
    return { handle, widthPx: 1280, heightPx: 720, faces, tiles: 1 };
  }

  async embedViews(handle: string, faces: readonly FaceView[]): Promise<readonly Float32Array[]> {
    this.embedded += faces.length;
    const people = this.people.get(handle) ?? [];
    return faces.map((face) => embeddingOf(people.find((one) => one.x === face.boxPx.x)?.face ?? 0));
  }

  async cropView(): Promise<Uint8Array> {
    return new Uint8Array(8);
  }

  async analysePhotograph(): Promise<never[]> {
    return [];
  }

  async scoreExpressions(): Promise<readonly ExpressionScores[]> {
    return [];
  }

  async explainExpression(): Promise<never> {
    throw new RegularsError('FACE_NOT_FOUND');
  }

  async close(): Promise<void> {}
}

/** A frame in which these people are. */
export function frameOf(...people: readonly Extra[]): Uint8Array {
  return Buffer.from(JSON.stringify(people));
}
