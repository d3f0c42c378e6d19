import {
  type CameraFault,
  CameraStatus,
  isRegularsError,
  messageOf,
  type NewCamera,
  redactSource,
  type Telemetry,
} from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import type { Publisher } from '@regulars/messaging';
import {
  CAMERA_STATES,
  type CameraCondition,
  connecting,
  faultOfOutput,
  type Happening,
  nextCondition,
  restartDelayMs,
} from './camera-state.js';
import type { Clock } from './clock.js';
import type { Decoder, StartDecoder } from './decoder.js';
import type { FfmpegInvocation } from './ffmpeg-arguments.js';
import { FrameSlot } from './frame-slot.js';

/** How a camera's source becomes an ffmpeg command. */
export interface Command extends FfmpegInvocation {
  readonly ffmpegPath: string;
  /** The source is an address on the network. */
  readonly isNetwork: boolean;
}

export interface SupervisorParts {
  /** @throws RegularsError FFMPEG_MISSING, CAMERA_SOURCE_REFUSED, CAMERA_UNREACHABLE */
  readonly commandOf: (camera: NewCamera) => Promise<Command>;
  readonly startDecoder: StartDecoder;
  readonly publisher: Publisher;
  /** Keeps a camera's condition where others can read it. */
  readonly keepStatus: (status: CameraStatus) => Promise<void>;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  /** 0 .. 1 */
  readonly random: () => number;
}

/** From the start of ffmpeg to the first picture: an RTSP camera needs up to a key frame's interval. */
const START_GRACE_MS = 10_000;
/** A slow camera is silent between two pictures. */
const INTERVALS_UNTIL_SILENT = 3;

/** Keeps one camera running: starts its decoder, watches that pictures come, starts it again with growing
 *  delays, and tells every change of its state once. */
export class CameraSupervisor {
  private readonly stopping = new AbortController();
  private condition: CameraCondition;
  private running: Promise<void> = Promise.resolve();
  /** Changes are told in order. */
  private telling: Promise<void> = Promise.resolve();

  constructor(
    readonly camera: NewCamera,
    private readonly parts: SupervisorParts,
  ) {
    this.condition = connecting(this.at());
  }

  start(): void {
    this.tell();
    this.running = this.run();
  }

  /** Ends the decoder. @param fault what is told; null when another replica has the camera now */
  async stop(fault: 'removed' | 'shutdown' | null): Promise<void> {
    this.stopping.abort();
    await this.running;
    if (fault !== null) this.happened({ kind: 'closed', fault });
    for (const state of CAMERA_STATES) this.gauge(state, 0);
    await this.telling;
  }

  get state(): CameraStatus['state'] {
    return this.condition.state;
  }

  get fault(): CameraFault | null {
    return this.condition.fault;
  }

  private async run(): Promise<void> {
    const { clock, random, telemetry } = this.parts;
    const { cameraId } = this.camera;
    let failures = 0;
    while (!this.stopping.signal.aborted) {
      const { fault, pictures, detail } = await this.attempt();
      if (this.stopping.signal.aborted) return;
      failures = pictures > 0 ? 1 : failures + 1;
      const wasFault = this.condition.fault;
      // Silence was told when it began.
      if (fault !== 'CAMERA_STALLED') this.happened({ kind: 'ended', fault });
      if (wasFault !== this.condition.fault) {
        telemetry.log.warn({ cameraId, fault, detail, source: this.source() }, 'camera cannot be read');
      }
      telemetry.meter.count('regulars_camera_restarts_total', { camera: cameraId, reason: fault });
      await clock.wait(restartDelayMs(failures, random()), this.stopping.signal);
    }
  }

  /** One life of a decoder. */
  private async attempt(): Promise<{ fault: CameraFault; pictures: number; detail: string }> {
    let command: Command;
    try {
      command = await this.parts.commandOf(this.camera);
    } catch (error) {
      return { fault: faultOfError(error), pictures: 0, detail: messageOf(error) };
    }
    const openedAt = this.parts.clock.now();
    const slot = new FrameSlot(this.camera, openedAt, this.parts.publisher, this.parts.telemetry.meter);
    const seen = { pictures: 0, lastAt: openedAt };
    const decoder = this.parts.startDecoder({
      ...command,
      onPictures: (pictures) => {
        const newest = pictures.at(-1);
        if (newest === undefined || this.stopping.signal.aborted) return;
        seen.pictures += pictures.length;
        seen.lastAt = this.parts.clock.now();
        slot.put(pictures, seen.lastAt);
        this.happened({ kind: 'picture', widthPx: newest.widthPx, heightPx: newest.heightPx });
      },
    });
    const wentSilent = await this.watch(decoder, seen);
    await decoder.stop();
    const { stderr, isMissing } = await decoder.ended;
    const fault = isMissing
      ? 'FFMPEG_MISSING'
      : wentSilent && seen.pictures > 0
        ? 'CAMERA_STALLED'
        : faultOfOutput(stderr, command.isNetwork);
    return { fault, pictures: seen.pictures, detail: stderr };
  }

  /** Waits until the decoder ends, falls silent, or is to stop. @returns whether it fell silent */
  private async watch(decoder: Decoder, seen: { pictures: number; lastAt: number }): Promise<boolean> {
    const { clock } = this.parts;
    const { fps, stallMs } = this.camera;
    const silenceMs = Math.max(stallMs, (INTERVALS_UNTIL_SILENT * 1_000) / fps);
    const over = new AbortController();
    void decoder.ended.then(() => over.abort());
    const signal = AbortSignal.any([over.signal, this.stopping.signal]);
    while (!signal.aborted) {
      const allowedMs = seen.pictures > 0 ? silenceMs : Math.max(START_GRACE_MS, silenceMs);
      const leftMs = seen.lastAt + allowedMs - clock.now();
      if (leftMs <= 0) {
        this.happened({ kind: 'silence' });
        return true;
      }
      await clock.wait(Math.min(leftMs, silenceMs), signal);
    }
    return false;
  }

  private happened(happening: Happening): void {
    const next = nextCondition(this.condition, happening, this.at());
    if (next === this.condition) return;
    this.condition = next;
    this.tell();
  }

  private tell(): void {
    const { publisher, keepStatus, telemetry } = this.parts;
    const { cameraId, storeId } = this.camera;
    const { state, fault, since } = this.condition;
    const status: CameraStatus = { cameraId, storeId, ...this.condition };
    for (const other of CAMERA_STATES) this.gauge(other, other === state ? 1 : 0);
    telemetry.log.info({ cameraId, state, fault }, 'camera changed its state');
    const eventId = idFrom('evt', 'camera.status', cameraId, state, since);
    const attempt = (what: string, work: () => Promise<void>): Promise<void> =>
      work().catch((error: unknown) => {
        telemetry.log.error({ cameraId, state, what, reason: messageOf(error) }, 'camera state not told');
      });
    this.telling = this.telling
      .then(() => attempt('event', () => publisher.publish(CameraStatus, status, { eventId })))
      .then(() => attempt('store', () => keepStatus(status)));
  }

  private gauge(state: string, value: number): void {
    this.parts.telemetry.meter.set('regulars_camera_state', value, { camera: this.camera.cameraId, state });
  }

  private source(): string {
    return redactSource(this.camera.source);
  }

  private at(): string {
    return new Date(this.parts.clock.now()).toISOString();
  }
}

function faultOfError(error: unknown): CameraFault {
  const code = isRegularsError(error) ? error.code : null;
  switch (code) {
    case 'FFMPEG_MISSING':
    case 'CAMERA_SOURCE_REFUSED':
      return code;
    default:
      return 'CAMERA_UNREACHABLE';
  }
}
