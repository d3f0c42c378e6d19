import type { FacesTracked, FrameCaptured, SightingEnded } from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import type { FrameAnalysis, Vision } from '@regulars/vision';
import {
  advanceTracks,
  doubtfulDetections,
  mayGoOn,
  partTrack,
  predictBox,
  trackKey,
  trackRuleFor,
  type Track,
  type TrackStep,
} from '../tracking/tracks.js';
import { CropKeeper } from './crop-keeper.js';
import { StrangerNamer } from '../strangers/stranger-namer.js';
import { NO_STRANGERS, type StrangerNames } from '../strangers/strangers.js';
import { type IdentityJudge, type SeenFace } from './identity-judge.js';
import type { SessionOutput } from './session-output.js';
import { beginDoubt } from './own-views.js';
import { beginSighting, forgetFace, isGlimpse, type Sighting } from './sighting.js';
import { TrackFaces } from './track-faces.js';

/** A stream that begins anew may carry earlier times; a frame that is late by less is out of order. */
const STREAM_RESTART_MS = 5_000;
/** Share of the newest interval between frames in their mean. */
const INTERVAL_SHARE = 0.2;
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
  private readonly faces: TrackFaces;
  private readonly namer: StrangerNamer;
  /** Knows nobody: for a camera that tells people apart without looking anybody up. */
  private readonly judgeOfDays: IdentityJudge;
  private lastAtMs: number | null = null;
  private intervalMs: number | null = null;
  /** The first frame after a time without any: who stands there may have been there before. */
  private resumedAtMs = -Infinity;
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
    this.faces = new TrackFaces(vision, this.sightings, (one, other) => judge.distance(one, other));
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
    const doubtful = doubtfulDetections(this.tracks, analysis.faces, atMs);
    const embedded = knows ? await this.faces.embed(analysis, doubtful) : NOBODY;
    const rule = trackRuleFor(this.intervalMs);
    const step = advanceTracks(
      this.tracks,
      analysis.faces,
      atMs,
      this.faces.unlikeness(embedded, analysis, atMs, rule),
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
    for (const { sighting, detection } of seen) if (doubtful.includes(detection)) beginDoubt(sighting);
    noteTogether(seen);
    const open = [...this.sightings.values()];
    const { decided, parted } = await judge.judge(analysis, seen, open, atMs, embedded);
    noteTogether(seen);
    for (const sighting of decided) {
      this.namer.name(sighting, open, this.mode);
      await this.publishIdentity(sighting, atMs);
    }
    const sure = seen.filter(({ sighting }) => sighting.doubt === null);
    await this.crops.look(analysis, sure, atMs);
    for (const sighting of parted) await this.part(sighting);
    return 'followed';
  }

  /** An operator says that a sighting does not show a customer. */
  deny(sightingId: string, customerId: string): void {
    this.judge.deny(sightingId, customerId, this.sightings.values());
  }

  /** Ends everything that is open: the camera is silent, or the service stops. */
  async endAll(): Promise<void> {
    this.loseSight();
    for (const sighting of [...this.sightings.values()]) await this.finish(sighting);
    this.tracks = [];
  }

  private get currentJudge(): IdentityJudge {
    return this.mode === 'day' ? this.judgeOfDays : this.judge;
  }

  private async takeTime(atMs: number): Promise<boolean> {
    const { lastAtMs } = this;
    const { goneMs } = this;
    if (lastAtMs !== null && atMs <= lastAtMs && lastAtMs - atMs < STREAM_RESTART_MS) return false;
    if (lastAtMs === null || Math.abs(atMs - lastAtMs) > goneMs) {
      this.loseSight();
      this.resumedAtMs = atMs;
    }
    if (lastAtMs !== null && atMs <= lastAtMs) {
      await this.endAll();
      this.intervalMs = null;
    } else if (lastAtMs !== null) {
      // A time without pictures is no interval between two of them, unless the next ones come as late.
      const elapsed = Math.min(atMs - lastAtMs, goneMs);
      this.intervalMs =
        this.intervalMs === null ? elapsed : this.intervalMs + INTERVAL_SHARE * (elapsed - this.intervalMs);
    }
    this.lastAtMs = atMs;
    return true;
  }

  /** Nothing tells where those who were just seen went when pictures stopped. */
  private loseSight(): void {
    const { lastAtMs } = this;
    const { blindMs } = trackRuleFor(this.intervalMs);
    for (const sighting of this.sightings.values())
      if (lastAtMs !== null && lastAtMs - sighting.track.seenAtMs <= blindMs) sighting.isCutOff = true;
  }

  private async apply(step: TrackStep): Promise<void> {
    this.tracks = step.tracks;
    const broken = [...step.tracks, ...step.ended].filter((track) => this.isBroken(track, step));
    for (const track of step.ended) {
      const sighting = this.sightings.get(trackKey(track));
      if (sighting) await this.finish(sighting);
    }
    for (const track of step.started) {
      const sighting = await this.begin(track);
      sighting.isCutOff = track.bornAtMs - this.resumedAtMs <= trackRuleFor(this.intervalMs).blindMs;
      sighting.mayContinue = broken.some((other) => mayGoOn(other, track));
    }
    for (const { track } of step.seen) {
      const sighting = this.sightings.get(trackKey(track)) as Sighting;
      const { seenAtMs, hits } = sighting.track;
      if (sighting.doubt === null) sighting.sure = { atMs: seenAtMs, hits };
      sighting.track = track;
    }
  }

  /** A track shows somebody else than it did: the sighting ends as of when it was surely its person, and another one
   *  begins with the views since then. */
  private async part(sighting: Sighting): Promise<void> {
    const { track, doubt } = sighting;
    const [first] = doubt?.held ?? [];
    if (doubt === null || first === undefined) return;
    const next = partTrack(track, first.atMs, doubt.sure.hits, this.sightings);
    this.tracks = this.tracks.map((one) => (trackKey(one) === trackKey(track) ? next : one));
    sighting.track = { ...track, seenAtMs: doubt.sure.atMs, hits: doubt.sure.hits };
    sighting.mayContinue = true;
    await this.finish(sighting);
    const other = await this.begin(next);
    other.mayContinue = true;
    other.views = doubt.held;
    other.embeddedAtMs = sighting.embeddedAtMs;
    this.output.parted(this.camera.cameraId);
  }

  /** Somebody of whom something was seen, and who is not found in the frame. */
  private isBroken(track: Track, { seen }: TrackStep): boolean {
    const views = this.sightings.get(trackKey(track))?.views.length ?? 0;
    return views > 0 && !seen.some((one) => trackKey(one.track) === trackKey(track));
  }

  private async begin(track: Track): Promise<Sighting> {
    const startedAt = new Date(track.bornAtMs).toISOString();
    const sightingId = idFrom('sgt', this.camera.cameraId, startedAt, track.ordinal);
    const sighting = beginSighting(sightingId, track);
    this.sightings.set(trackKey(track), sighting);
    await this.output.started({ sightingId, ...this.camera, startedAt });
    return sighting;
  }

  private async finish(sighting: Sighting): Promise<void> {
    const { sightingId, track } = sighting;
    this.sightings.delete(trackKey(track));
    for (const other of this.sightings.values()) other.seenWith.delete(trackKey(track));
    this.crops.flush(sighting);
    const isDecided = this.mode !== 'count' && this.currentJudge.conclude(sighting);
    this.namer.conclude(sighting, [...this.sightings.values()], this.mode);
    if (isDecided && isGlimpse(sighting)) sighting.identity = { kind: 'undecided' };
    else if (isDecided) await this.publishIdentity(sighting, track.seenAtMs);
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
}

/** People of one frame are different people, as far as it is sure who each of them is. */
function noteTogether(seen: readonly SeenFace[]): void {
  const sure = seen.map(({ sighting }) => sighting).filter(({ doubt }) => doubt === null);
  for (const one of sure)
    for (const other of sure) if (one !== other) one.seenWith.add(trackKey(other.track));
}
