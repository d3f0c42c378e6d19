import { isRegularsError, type FrameCaptured, type Log, type Telemetry } from '@regulars/contracts';
import type { Vision } from '@regulars/vision';
import { CameraSession } from './camera-session.js';
import type { StrangerNames } from '../strangers/strangers.js';
import type { EventSender } from './event-sender.js';
import type { IdentityJudge } from './identity-judge.js';

/** How often one reason for dropping a camera's frames is told. */
const TELL_AGAIN_MS = 60_000;
/** How often cameras are looked at that may have fallen silent. */
const CHECK_MS = 500;
/** A camera's session is forgotten after so long without a frame. */
const FORGOTTEN_MS = 60_000;

/** The same for a recording, whose frames come when they are read: the clock says nothing of them, only that the
 *  recording is over. */
const RECORDING_PATIENCE_MS = 60_000;

/** A frame that comes so much later than its camera's frames can come is one of a queue that stands: letting it go
 *  brings the newest forward. Measured from the least age seen, so that clocks of two machines may differ. */
const LATE_MS = 250;
/** The least age may grow again, as clocks are set; milliseconds a frame. */
const LEAST_AGE_GROWTH_MS = 20;
/** After so many late frames in a row one is followed all the same. */
const MOST_LATE_IN_A_ROW = 4;

interface OpenSession {
  readonly session: CameraSession;
  leastAgeMs: number;
  lateInARow: number;
  /** By the clock of this process. */
  heardAtMs: number;
  /** Frames of one camera are followed one after the other. */
  last: Promise<void>;
  /** Number of the newest frame that waits, so that older ones are let go. */
  newest: number;
  storeId: string;
}

export interface FrameBounds {
  /** A frame captured longer ago has no value any more; 0: any age, for replaying a recording. */
  readonly maxAgeMs: number;
}

/** The sessions of the cameras whose frames come to this process. */
export class Sessions {
  private readonly sessions = new Map<string, OpenSession>();
  private readonly timer: NodeJS.Timeout;
  /** By camera and reason: when its drops were last told, and how many there were since. */
  private readonly told = new Map<string, { atMs: number; untold: number }>();

  constructor(
    private readonly vision: Vision,
    private readonly judge: IdentityJudge,
    private readonly sender: EventSender,
    private readonly options: FrameBounds & {
      readonly telemetry: Telemetry;
      /** Absent: nobody unknown is known again. */
      readonly strangers?: StrangerNames;
    },
  ) {
    this.timer = setInterval(() => void this.endSilent(Date.now()), CHECK_MS);
    this.timer.unref();
  }

  /** Follows a frame, after the earlier ones of its camera; one that is too old, unreadable, out of order or
   *  overtaken by a newer one while it waited is dropped and counted. */
  async onFrame(frame: FrameCaptured, jpeg: Uint8Array): Promise<void> {
    const open = this.openFor(frame);
    open.heardAtMs = Date.now();
    open.newest += 1;
    const number = open.newest;
    open.last = open.last.then(async () => {
      if (open.newest > number + 1) return this.drop(frame, 'overtaken');
      await this.follow(open, frame, jpeg);
    });
    await open.last;
  }

  /** An operator says that a sighting does not show a customer: of the cameras of this process it is heard after the
   *  frames in hand. */
  deny(sightingId: string, customerId: string): void {
    for (const open of this.sessions.values()) {
      open.last = open.last.then(() => open.session.deny(sightingId, customerId));
    }
  }

  /** Ends everything that is open and publishes it. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    for (const open of this.sessions.values()) {
      await open.last;
      await open.session.endAll();
    }
    await this.sender.flush();
  }

  private get log(): Log {
    return this.options.telemetry.log;
  }

  private openFor({ cameraId, storeId }: FrameCaptured): OpenSession {
    const known = this.sessions.get(cameraId);
    if (known?.storeId === storeId) return known;
    const { strangers } = this.options;
    const session = new CameraSession({ cameraId, storeId }, this.vision, this.judge, this.sender, strangers);
    const last = known ? known.last.then(() => known.session.endAll()) : Promise.resolve();
    const open = {
      session,
      leastAgeMs: Infinity,
      lateInARow: 0,
      heardAtMs: Date.now(),
      last,
      newest: 0,
      storeId,
    };
    this.sessions.set(cameraId, open);
    return open;
  }

  private async follow(open: OpenSession, frame: FrameCaptured, jpeg: Uint8Array): Promise<void> {
    const { session } = open;
    const { cameraId: camera } = frame;
    const { meter } = this.options.telemetry;
    const capturedAtMs = Date.parse(frame.capturedAt);
    const { maxAgeMs } = this.options;
    const ageMs = Date.now() - capturedAtMs;
    if (maxAgeMs > 0 && ageMs > maxAgeMs) return this.drop(frame, 'too old');
    if (maxAgeMs > 0 && isLate(open, ageMs)) return this.drop(frame, 'late');
    try {
      const outcome = await session.follow(frame, jpeg, ({ faces }) => {
        meter.observe('regulars_frame_age_seconds', (Date.now() - capturedAtMs) / 1_000, { camera });
        if (faces.length > 0) meter.count('regulars_faces_detected_total', { camera }, faces.length);
      });
      if (outcome === 'out-of-order') return this.drop(frame, outcome);
    } catch (error) {
      if (!isRegularsError(error)) throw error;
      this.drop(frame, error.code);
    }
    meter.set('regulars_sightings_open', session.open, { camera });
  }

  /** Frames are dropped all the time under load: a camera's reason is told once a minute, with their number. */
  private drop({ cameraId, frameId }: FrameCaptured, reason: string): void {
    this.options.telemetry.meter.count('regulars_frames_dropped_total', {
      camera: cameraId,
      where: 'recognition',
    });
    const key = `${cameraId} ${reason}`;
    const told = this.told.get(key) ?? { atMs: -Infinity, untold: 0 };
    this.told.set(key, told);
    told.untold += 1;
    const nowMs = Date.now();
    if (nowMs - told.atMs < TELL_AGAIN_MS) return;
    this.log.warn({ cameraId, frameId, reason, frames: told.untold }, 'frames are dropped');
    told.atMs = nowMs;
    told.untold = 0;
  }

  private async endSilent(nowMs: number): Promise<void> {
    for (const [cameraId, open] of this.sessions) {
      const silentMs = nowMs - open.heardAtMs;
      if (silentMs > FORGOTTEN_MS && open.session.open === 0) this.sessions.delete(cameraId);
      const patienceMs = this.options.maxAgeMs === 0 ? RECORDING_PATIENCE_MS : CHECK_MS;
      if (silentMs <= open.session.goneMs + patienceMs || open.session.open === 0) continue;
      open.last = open.last.then(() => open.session.endAll());
      await open.last;
      this.options.telemetry.meter.set('regulars_sightings_open', 0, { camera: cameraId });
    }
    await this.sender.flush();
  }
}

/** Notes a frame's age and says whether it is late. */
function isLate(open: OpenSession, ageMs: number): boolean {
  open.leastAgeMs = Math.min(open.leastAgeMs + LEAST_AGE_GROWTH_MS, ageMs);
  const late = ageMs > open.leastAgeMs + LATE_MS && open.lateInARow < MOST_LATE_IN_A_ROW;
  open.lateInARow = late ? open.lateInARow + 1 : 0;
  return late;
}
