import type { FacesTracked, FrameCaptured, SightingEnded } from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import { cosineDistance, type FrameAnalysis, type Vision } from '@regulars/vision';
import { weightOf } from '../identity/views.js';
import {
  advanceTracks,
  doubtfulDetections,
  mayBeAnother,
  predictBox,
  trackKey,
  trackRuleFor,
  type Track,
  type TrackStep,
  type Unlikeness,
} from '../tracking/tracks.js';
import { CropKeeper } from './crop-keeper.js';
import { StrangerNamer } from '../strangers/stranger-namer.js';
import { NO_STRANGERS, type StrangerNames } from '../strangers/strangers.js';
import { type IdentityJudge } from './identity-judge.js';
import type { SessionOutput } from './session-output.js';
import { beginSighting, type Sighting } from './sighting.js';

/** A stream that begins anew may carry earlier times; a frame that is late by less is out of order. */
const STREAM_RESTART_MS = 5_000;
/** Share of the newest interval between frames in their mean. */
const INTERVAL_SHARE = 0.2;
/** Doubtful faces that are looked at for tracking, a frame. */
const MOST_DOUBTS = 3;

const NOBODY: ReadonlyMap<number, Float32Array> = new Map();

/** Camera whose people a session follows. */
export interface SessionCamera {
  readonly cameraId: string;
  readonly storeId: string;
}

export type FrameOutcome = 'followed' | 'out-of-order';

/** Follows the people before one camera, from frame to frame. Every time it knows is a frame's own, so that the
 *  same frames give the same events. One frame at a time. */
export class CameraSession {
  private tracks: readonly Track[] = [];
  private readonly sightings = new Map<string, Sighting>();
  private readonly crops: CropKeeper;
  private readonly namer: StrangerNamer;
  /** Knows nobody: for a camera that tells people apart without looking anybody up. */
  private readonly judgeOfDays: IdentityJudge;
  private lastAtMs: number | null = null;
  private intervalMs: number | null = null;
  private mode: FrameCaptured['mode'] = 'count';
  private facesBefore = 0;

  constructor(
    private readonly camera: SessionCamera,
    private readonly vision: Vision,
    private readonly judge: IdentityJudge,
    private readonly output: SessionOutput,
    strangers: StrangerNames = NO_STRANGERS,
  ) {
    this.namer = new StrangerNamer(strangers, camera);
    this.judgeOfDays = judge.lookingNobodyUp();
    this.crops = new CropKeeper(camera, vision, judge, output);
  }

  /** People before the camera now. */
  get open(): number {
    return this.sightings.size;
  }

  /** A camera silent for this long has nobody before it any more, milliseconds. */
  get goneMs(): number {
    return trackRuleFor(this.intervalMs).goneMs;
  }

  /** @param onAnalysed called once the frame's faces are known
   *  @throws RegularsError PICTURE_UNREADABLE; the frame then changes nothing */
  async follow(
    frame: FrameCaptured,
    jpeg: Uint8Array,
    onAnalysed: (analysis: FrameAnalysis) => void = () => {},
  ): Promise<FrameOutcome> {
    const atMs = Date.parse(frame.capturedAt);
    if (!(await this.takeTime(atMs))) return 'out-of-order';
    const expected = this.tracks.map((track) => predictBox(track, atMs));
    const analysis = await this.vision.analyseFrame(this.camera.cameraId, jpeg, expected);
    onAnalysed(analysis);
    this.mode = frame.mode;
    const judge = this.currentJudge;
    judge.forgetRemoved(this.sightings.values());
    const knows = frame.mode !== 'count';
    const embedded = knows ? await this.embedDoubtful(analysis, atMs) : NOBODY;
    const rule = trackRuleFor(this.intervalMs);
    const step = advanceTracks(
      this.tracks,
      analysis.faces,
      atMs,
      this.unlikeness(embedded, analysis, atMs),
      rule,
    );
    await this.apply(step);
    this.publishBoxes(frame, analysis, step);
    if (!knows) {
      for (const sighting of this.sightings.values()) forgetFace(sighting);
      return 'followed';
    }
    const seen = step.seen.map(({ track, detection }) => ({
      sighting: this.sightings.get(trackKey(track)) as Sighting,
      detection,
    }));
    const open = [...this.sightings.values()];
    const decided = await judge.judge(analysis, seen, open, atMs, embedded);
    for (const sighting of decided) {
      this.namer.name(sighting, open, this.mode);
      await this.publishIdentity(sighting, atMs);
    }
    await this.crops.look(analysis, seen, atMs);
    return 'followed';
  }

  /** An operator says that a sighting does not show a customer. */
  deny(sightingId: string, customerId: string): void {
    this.judge.deny(sightingId, customerId, this.sightings.values());
  }

  /** Ends everything that is open: the camera is silent, or the service stops. */
  async endAll(): Promise<void> {
    for (const sighting of [...this.sightings.values()]) await this.finish(sighting);
    this.tracks = [];
  }

  private get currentJudge(): IdentityJudge {
    return this.mode === 'day' ? this.judgeOfDays : this.judge;
  }

  private async takeTime(atMs: number): Promise<boolean> {
    const { lastAtMs } = this;
    if (lastAtMs !== null && atMs <= lastAtMs) {
      if (lastAtMs - atMs < STREAM_RESTART_MS) return false;
      await this.endAll();
      this.intervalMs = null;
    } else if (lastAtMs !== null) {
      const elapsed = Math.min(atMs - lastAtMs, STREAM_RESTART_MS);
      this.intervalMs =
        this.intervalMs === null ? elapsed : this.intervalMs + INTERVAL_SHARE * (elapsed - this.intervalMs);
    }
    this.lastAtMs = atMs;
    return true;
  }

  private async apply(step: TrackStep): Promise<void> {
    this.tracks = step.tracks;
    for (const track of step.ended) {
      const sighting = this.sightings.get(trackKey(track));
      if (sighting) await this.finish(sighting);
    }
    for (const track of step.started) {
      const startedAt = new Date(track.bornAtMs).toISOString();
      const sightingId = idFrom('sgt', this.camera.cameraId, startedAt, track.ordinal);
      this.sightings.set(trackKey(track), beginSighting(sightingId, track));
      await this.output.started({ sightingId, ...this.camera, startedAt });
    }
    const keys = step.seen.map(({ track }) => trackKey(track));
    for (const { track } of step.seen) {
      const sighting = this.sightings.get(trackKey(track)) as Sighting;
      sighting.track = track;
      for (const key of keys) if (key !== trackKey(track)) sighting.seenWith.add(key);
    }
  }

  private async finish(sighting: Sighting): Promise<void> {
    const { sightingId, track } = sighting;
    this.sightings.delete(trackKey(track));
    for (const other of this.sightings.values()) other.seenWith.delete(trackKey(track));
    this.crops.flush(sighting);
    const isDecided = this.mode !== 'count' && this.currentJudge.conclude(sighting);
    this.namer.conclude(sighting, [...this.sightings.values()], this.mode);
    if (isDecided) await this.publishIdentity(sighting, track.seenAtMs);
    const ended: SightingEnded = {
      sightingId,
      ...this.camera,
      startedAt: new Date(track.bornAtMs).toISOString(),
      endedAt: new Date(track.seenAtMs).toISOString(),
      identity: sighting.identity,
      framesSeen: track.hits,
      mode: this.mode,
    };
    await this.output.ended(ended);
  }

  private publishIdentity({ sightingId, track, identity }: Sighting, atMs: number): Promise<void> {
    return this.output.identified({
      sightingId,
      ...this.camera,
      startedAt: new Date(track.bornAtMs).toISOString(),
      identifiedAt: new Date(atMs).toISOString(),
      identity,
    });
  }

  /** Boxes of the live picture; once more when everybody has gone, so that the last ones disappear. */
  private publishBoxes(frame: FrameCaptured, analysis: FrameAnalysis, step: TrackStep): void {
    const faces: FacesTracked['faces'] = step.seen.map(({ track }) => {
      const { sightingId, identity } = this.sightings.get(trackKey(track)) as Sighting;
      return { sightingId, boxPx: track.boxPx, identity };
    });
    if (faces.length === 0 && this.facesBefore === 0) return;
    this.facesBefore = faces.length;
    const { frameId, capturedAt } = frame;
    const { widthPx, heightPx } = analysis;
    this.output.tracked({ ...this.camera, frameId, capturedAt, widthPx, heightPx, faces });
  }

  /** Embeddings of faces whose place does not say which track they are, where a track's face is known. */
  private async embedDoubtful(
    { handle, faces }: FrameAnalysis,
    atMs: number,
  ): Promise<ReadonlyMap<number, Float32Array>> {
    const known = this.tracks.filter((track) => (this.sightings.get(trackKey(track))?.views.length ?? 0) > 0);
    if (known.length === 0) return NOBODY;
    const doubtful = doubtfulDetections(this.tracks, faces, atMs)
      .filter((i) => faces[i] && weightOf(faces[i]) > 0)
      .slice(0, MOST_DOUBTS);
    if (doubtful.length === 0) return NOBODY;
    const chosen = doubtful.flatMap((i) => faces[i] ?? []);
    const embeddings = await this.vision.embedViews(handle, chosen);
    return new Map(doubtful.flatMap((i, k) => (embeddings?.[k] ? [[i, embeddings[k]] as const] : [])));
  }

  /** How unlike a track's nearest view a detected face is. Somebody new comes in where another went out, and half
   *  in the picture a face cannot be compared: there a known person's track does not go on by its place alone. */
  private unlikeness(
    embedded: ReadonlyMap<number, Float32Array>,
    { faces, widthPx }: FrameAnalysis,
    atMs: number,
  ): Unlikeness {
    return (track, detection) => {
      const views = this.sightings.get(trackKey(track))?.views ?? [];
      if (views.length === 0) return null;
      const embedding = embedded.get(detection);
      if (embedding) return Math.min(...views.map((view) => cosineDistance(view.embedding, embedding)));
      const box = faces[detection]?.boxPx;
      return box && mayBeAnother(track, box, widthPx, atMs) ? Infinity : null;
    };
  }
}

/** A camera that only counts keeps nothing about a face. */
function forgetFace(sighting: Sighting): void {
  sighting.views = [];
  sighting.embeddedAtMs = null;
  sighting.crop = null;
}
