import { availableParallelism } from 'node:os';
import type { BoxPx, Meter, Telemetry } from '@regulars/contracts';
import { TransientError } from '@regulars/contracts';
import type { ProviderChoice } from '../models/runners.js';
import type { ExpressionExplanation, ExpressionScores, FaceView, FrameAnalysis, Vision } from '../vision.js';
import type { CallName, ReplyOf, RequestOf, VisionHost } from './calls.js';
import { InThreadHost } from './in-thread-host.js';
import { WorkerHost } from './worker-host.js';

export interface VisionOptions {
  readonly modelsDir: string;
  /** `auto` takes CUDA when its libraries load; `cuda` refuses to open without it. */
  readonly provider: ProviderChoice;
  /** Worker threads, each with its own set of models on one thread; one less than there are cores when absent,
   *  at least 1. 0 runs the models in the caller's thread. */
  readonly threads?: number;
  readonly telemetry: Telemetry;
  /** Name of another recogniser than the one in use. */
  readonly recogniser?: string;
}

/** Vision that says how it is. */
export interface OpenedVision extends Vision {
  /** Components of an embedding. */
  readonly dimensions: number;
  /** Why it cannot work now, or null when it can. */
  fault(): string | null;
}

/** Calls that wait for one thread at most; a caller drops frames long before. */
const MAX_WAITING = 64;
const MAX_CAMERAS_KNOWN = 1_024;

/** Opens the vision models in worker threads.
 *  @throws RegularsError MODEL_MISSING, MODEL_CORRUPT, MODEL_MISMATCH, PROVIDER_UNAVAILABLE */
export async function openVision({
  modelsDir,
  provider,
  recogniser,
  threads = Math.max(1, availableParallelism() - 1),
  telemetry,
}: VisionOptions): Promise<OpenedVision> {
  const options = { modelsDir, provider, ...(recogniser === undefined ? {} : { recogniser }) };
  if (threads === 0) return new VisionPool([await InThreadHost.open(options)], telemetry.meter);
  const starts = await Promise.allSettled(
    Array.from({ length: threads }, () => WorkerHost.open(options, telemetry.log)),
  );
  const hosts = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed) {
    await Promise.all(hosts.map((host) => host.close()));
    throw failed.reason;
  }
  telemetry.log.info({ threads, ...hosts[0]?.readiness }, 'vision models are ready');
  return new VisionPool(hosts, telemetry.meter);
}

/** Bytes that may be given to another thread: the caller's own may be a part of a larger buffer, and other
 *  consumers of the same message hold them too. */
const owned = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes);

class VisionPool implements OpenedVision {
  readonly provider: 'cpu' | 'cuda';
  readonly recogniser: string;
  readonly dimensions: number;
  private readonly hostOfCamera = new Map<string, VisionHost>();

  constructor(
    private readonly hosts: readonly VisionHost[],
    private readonly meter: Meter,
  ) {
    const readiness = (hosts[0] as VisionHost).readiness;
    this.provider = readiness.provider;
    this.recogniser = readiness.recogniser;
    this.dimensions = readiness.dimensions;
  }

  fault(): string | null {
    return this.hosts.map((host) => host.fault()).find((fault) => fault !== null) ?? null;
  }

  analyseFrame(cameraId: string, jpeg: Uint8Array, expectedPx: readonly BoxPx[]): Promise<FrameAnalysis> {
    return this.call(this.hostFor(cameraId), 'analyseFrame', { cameraId, jpeg: owned(jpeg), expectedPx });
  }

  embedViews(
    handle: string,
    faces: readonly FaceView[],
    look: 'quick' | 'close' = 'quick',
  ): Promise<readonly Float32Array[] | null> {
    return this.call(this.hostOfHandle(handle), 'embedViews', { handle, faces, look });
  }

  cropView(handle: string, face: FaceView): Promise<Uint8Array | null> {
    return this.call(this.hostOfHandle(handle), 'cropView', { handle, face });
  }

  analysePhotograph(
    bytes: Uint8Array,
    look: 'quick' | 'close' = 'close',
  ): Promise<readonly (FaceView & { readonly embedding: Float32Array })[]> {
    return this.call(this.idlest(), 'analysePhotograph', { bytes: owned(bytes), look });
  }

  scoreExpressions(crops: readonly Uint8Array[]): Promise<readonly ExpressionScores[]> {
    return this.call(this.idlest(), 'scoreExpressions', { crops: crops.map(owned) });
  }

  explainExpression(bytes: Uint8Array, boxPx: BoxPx | null): Promise<ExpressionExplanation> {
    return this.call(this.idlest(), 'explainExpression', { bytes: owned(bytes), boxPx });
  }

  async close(): Promise<void> {
    await Promise.all(this.hosts.map((host) => host.close()));
  }

  private async call<Name extends CallName>(
    host: VisionHost,
    name: Name,
    request: RequestOf<Name>,
  ): Promise<ReplyOf<Name>> {
    if (host.load >= MAX_WAITING) throw new TransientError('VISION_BUSY', { waiting: host.load });
    const { reply, runs } = await host.call(name, request);
    for (const { model, seconds } of runs) {
      this.meter.observe('regulars_inference_seconds', seconds, { model, provider: this.provider });
    }
    return reply;
  }

  private idlest(): VisionHost {
    return this.hosts.reduce((a, b) => (b.load < a.load ? b : a));
  }

  /** A camera stays with one thread, which remembers what it saw; a new one goes to the thread with the fewest. */
  private hostFor(cameraId: string): VisionHost {
    const known = this.hostOfCamera.get(cameraId);
    if (known !== undefined) return known;
    const cameras = [...this.hostOfCamera.values()];
    const count = (host: VisionHost) => cameras.filter((other) => other === host).length;
    const host = this.hosts.reduce((a, b) => (count(b) < count(a) ? b : a));
    this.hostOfCamera.set(cameraId, host);
    const oldest = this.hostOfCamera.keys().next().value;
    if (this.hostOfCamera.size > MAX_CAMERAS_KNOWN && oldest !== undefined) this.hostOfCamera.delete(oldest);
    return host;
  }

  private hostOfHandle(handle: string): VisionHost {
    return this.hostFor(handle.slice(0, handle.indexOf('#')));
  }
}
