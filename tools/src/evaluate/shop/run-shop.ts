import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CameraMode,
  CameraStatus,
  FacesTracked,
  FrameCaptured,
  SightingEnded,
  type VisitCountView,
  visitorKeyOf,
} from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import { SightingsRepository, VisitsRepository } from '@regulars/persistence';
import type { ShopTruth } from '../../shop/truth.js';
import type { ApiClient } from '../../start/client.js';
import { FollowedFrames } from './followed-frames.js';
import { Installation } from './installation.js';
import { Projector } from './projector.js';
import { silentAt, type Silence } from './silence.js';

const STORE_ID = 'main';
const ALL_TIME = { from: '0000-01-01T00:00:00.000Z', to: '9999-12-31T00:00:00.000Z' };

export interface ShopRunOptions {
  readonly folder: string;
  readonly truth: ShopTruth;
  /** So many of the people are customers, from the first on; the others are strangers. */
  readonly enrol: number;
  readonly mode: CameraMode;
  /** When a camera sends nothing; null: never. */
  readonly silence: Silence | null;
  readonly say: (line: string) => void;
}

/** A frame in which recognition followed somebody. */
export interface FollowedFrame {
  readonly cameraId: string;
  /** Since the films' beginning. */
  readonly atMs: number;
  readonly faces: FacesTracked['faces'];
}

/** A visit as it was counted. */
export interface CountedVisit {
  readonly startMs: number;
  readonly endMs: number;
  readonly visitor: 'customer' | 'pseudonym' | 'stranger';
  readonly sightingIds: readonly string[];
}

/** What the system made of a shop. */
export interface ShopRun {
  readonly followed: readonly FollowedFrame[];
  readonly ended: readonly SightingEnded[];
  readonly visits: readonly CountedVisit[];
  /** Person by customer id. */
  readonly customers: ReadonlyMap<string, string>;
  readonly framesShown: number;
  readonly framesDropped: number;
  /** Milliseconds of film seen in a millisecond, all cameras together at their own speed. */
  readonly speed: number;
  /** The visits as the API counts them, with their bounds. */
  readonly count: VisitCountView;
}

/** Shows a scripted shop's films to an installation of its own and collects what it says. Frames carry the films'
 *  own times, and the next one is shown when the one before was looked at: as fast as the machine is.
 *  @throws Error when somebody cannot be enrolled; RegularsError when models or ffmpeg are missing */
export async function runShop(options: ShopRunOptions): Promise<ShopRun> {
  const frames = new FollowedFrames();
  const installation = await Installation.open(options.truth.reentryMs, frames.meter);
  try {
    return await new Shop(options, installation, frames).film();
  } finally {
    await installation.close();
  }
}

class Shop {
  private readonly followed: FollowedFrame[] = [];
  private readonly ended: SightingEnded[] = [];

  constructor(
    private readonly options: ShopRunOptions,
    private readonly installation: Installation,
    private readonly frames: FollowedFrames,
  ) {}

  async film(): Promise<ShopRun> {
    const { installation, options } = this;
    const { durationMs } = options.truth;
    const api = installation.api();
    const customers = await this.enrol(api);
    await installation.broker.tap(({ key, json }) => this.hear(key, json));
    const began = performance.now();
    const framesShown = await this.show();
    const elapsedMs = performance.now() - began;
    await installation.stopRecognition();
    return {
      followed: this.followed,
      ended: this.ended,
      visits: await this.counted(),
      customers,
      framesShown,
      framesDropped: this.frames.dropped,
      speed: durationMs / elapsedMs,
      count: await api.visitCount(this.instant(0), this.instant(durationMs)),
    };
  }

  private async enrol(api: ApiClient): Promise<ReadonlyMap<string, string>> {
    const { folder, truth, enrol, say } = this.options;
    const customers = new Map<string, string>();
    for (const { person, enrolment } of truth.people.slice(0, enrol)) {
      const consent = { textVersion: 'scripted-shop', givenAt: truth.startedAt };
      const { customerId } = await api.addCustomer({ displayName: person, consent });
      const photographs = await Promise.all(enrolment.map((path) => readFile(join(folder, path))));
      const { templates } = await api.enrol(customerId, photographs);
      if (templates === 0) throw new Error(`${person} cannot be enrolled by ${enrolment.join(', ')}`);
      say(`${person} is enrolled with ${templates} templates`);
      customers.set(customerId, person);
    }
    return customers;
  }

  private hear(key: string, json: string): void {
    if (key === FacesTracked.key) {
      const { cameraId, capturedAt, faces } = FacesTracked.schema.parse(JSON.parse(json));
      this.followed.push({ cameraId, atMs: this.sinceStart(capturedAt), faces });
    }
    if (key === SightingEnded.key) this.ended.push(SightingEnded.schema.parse(JSON.parse(json)));
  }

  /** Shows all films side by side. @returns frames that were shown */
  private async show(): Promise<number> {
    const { folder, truth, silence, say } = this.options;
    const projector = new Projector(folder, truth);
    const states = new Map<string, CameraStatus['state']>();
    let shown = 0;
    let told = 0;
    for await (const { atMs, pictures } of projector.frames()) {
      const following: Promise<void>[] = [];
      for (const { cameraId, picture } of pictures) {
        const isSilent = silentAt(silence, cameraId, atMs);
        const state = isSilent ? 'gone' : 'live';
        if (states.get(cameraId) !== state) await this.tell(cameraId, state, atMs);
        states.set(cameraId, state);
        if (isSilent) continue;
        following.push(this.frames.next(cameraId));
        this.send(cameraId, picture, atMs);
        shown++;
      }
      await Promise.all(following);
      if (atMs >= told + 60_000) say(`${Math.round((told = atMs) / 60_000)} min of film`);
    }
    return shown;
  }

  private send(
    cameraId: string,
    { jpeg, widthPx, heightPx }: { jpeg: Uint8Array; widthPx: number; heightPx: number },
    atMs: number,
  ): void {
    const sequence = Math.round((atMs * this.options.truth.fps) / 1_000);
    const capturedAt = this.instant(atMs);
    const frameId = `${cameraId}-shop-${sequence}`;
    const { mode } = this.options;
    const frame: FrameCaptured = {
      ...{ cameraId, storeId: STORE_ID, frameId, sequence, capturedAt, widthPx, heightPx, mode },
    };
    this.installation.broker.publishNewest({
      eventId: newId('evt'),
      key: FrameCaptured.key,
      producer: 'capture',
      happenedAt: capturedAt,
      payload: frame,
      body: jpeg,
    });
  }

  private async tell(cameraId: string, state: CameraStatus['state'], atMs: number): Promise<void> {
    const since = this.instant(atMs);
    const fault = state === 'live' ? null : 'CAMERA_UNREACHABLE';
    const payload: CameraStatus = {
      cameraId,
      storeId: STORE_ID,
      state,
      since,
      fault,
      widthPx: null,
      heightPx: null,
    };
    await this.installation.broker.publish({
      eventId: newId('evt'),
      key: CameraStatus.key,
      producer: 'capture',
      happenedAt: since,
      payload,
    });
  }

  /** The visits that count, with their sightings. */
  private async counted(): Promise<readonly CountedVisit[]> {
    const { store } = this.installation;
    const [visits, sightings] = [new VisitsRepository(store), new SightingsRepository(store)];
    const counted: CountedVisit[] = [];
    for await (const { visit } of visits.byTimeRange(STORE_ID, ALL_TIME)) {
      if (visit.merged !== null) continue;
      const { visitor, startedAt, lastSeenAt } = visit;
      const time = { from: startedAt, to: lastSeenAt };
      const own = await sightings.ofVisitor(STORE_ID, visitorKeyOf(visitor), time);
      counted.push({
        startMs: this.sinceStart(startedAt),
        endMs: this.sinceStart(lastSeenAt),
        visitor: visitor.kind,
        sightingIds: own.map(({ sighting }) => sighting.sightingId),
      });
    }
    return counted;
  }

  private instant(atMs: number): string {
    return new Date(Date.parse(this.options.truth.startedAt) + Math.round(atMs)).toISOString();
  }

  private sinceStart(instant: string): number {
    return Date.parse(instant) - Date.parse(this.options.truth.startedAt);
  }
}
