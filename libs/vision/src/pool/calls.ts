import type { BoxPx, ErrorCode, ErrorFields } from '@regulars/contracts';
import type { ExpressionExplanation, ExpressionScores, FaceView, FrameAnalysis } from '../vision.js';

/** What can be asked of a set of models, by name. */
export interface VisionCalls {
  analyseFrame: {
    request: { readonly cameraId: string; readonly jpeg: Uint8Array; readonly expectedPx: readonly BoxPx[] };
    reply: FrameAnalysis;
  };
  embedViews: {
    request: {
      readonly handle: string;
      readonly faces: readonly FaceView[];
      readonly look: 'quick' | 'close';
    };
    reply: readonly Float32Array[] | null;
  };
  cropView: {
    request: { readonly handle: string; readonly face: FaceView };
    reply: Uint8Array | null;
  };
  analysePhotograph: {
    request: { readonly bytes: Uint8Array; readonly look: 'quick' | 'close' };
    reply: readonly (FaceView & { readonly embedding: Float32Array })[];
  };
  scoreExpressions: {
    request: { readonly crops: readonly Uint8Array[] };
    reply: readonly ExpressionScores[];
  };
  explainExpression: {
    request: { readonly bytes: Uint8Array; readonly boxPx: BoxPx | null };
    reply: ExpressionExplanation;
  };
}

export type CallName = keyof VisionCalls;
export type RequestOf<Name extends CallName> = VisionCalls[Name]['request'];
export type ReplyOf<Name extends CallName> = VisionCalls[Name]['reply'];

/** One run of a model. */
export interface ModelRun {
  readonly model: string;
  readonly seconds: number;
}

export interface Answer<Name extends CallName = CallName> {
  readonly reply: ReplyOf<Name>;
  readonly runs: readonly ModelRun[];
}

/** What is known once the models are loaded. */
export interface Readiness {
  readonly provider: 'cpu' | 'cuda';
  readonly recogniser: string;
  /** Components of an embedding. */
  readonly dimensions: number;
}

/** An error on its way from one thread to another. */
export interface ErrorMessage {
  readonly code: ErrorCode;
  readonly fields: ErrorFields;
  readonly transient: boolean;
  /** For the log, where the error is none of Regulars' own. */
  readonly detail: string | null;
}

export interface CallMessage {
  readonly id: number;
  readonly name: CallName;
  readonly request: RequestOf<CallName>;
}

/** To a worker: a call, or that there will be none any more. */
export type HostMessage = CallMessage | 'close';

export type WorkerMessage =
  | { readonly kind: 'ready'; readonly readiness: Readiness }
  | { readonly kind: 'refused'; readonly error: ErrorMessage }
  | { readonly kind: 'answered'; readonly id: number; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly id: number; readonly error: ErrorMessage };

/** A place where calls are carried out one after the other. */
export interface VisionHost {
  readonly readiness: Readiness;
  /** Calls that wait or run. */
  readonly load: number;
  /** Why it cannot work now, or null when it can. */
  fault(): string | null;
  call<Name extends CallName>(name: Name, request: RequestOf<Name>): Promise<Answer<Name>>;
  close(): Promise<void>;
}
