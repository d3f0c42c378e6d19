import {
  CameraFault,
  CameraId,
  CameraMode,
  CameraState,
  Instant,
  RegularsError,
  StoreId,
  TillId,
  type CameraChange,
  type CameraStatus,
  type CameraView,
  type NewCamera,
  redactSource,
} from '@regulars/contracts';
import { z } from 'zod';
import type { Collection, CollectionSpec, DocumentStore, Where } from '../document-store.js';
import type { Keyring } from './keyring.js';

const Status = z.strictObject({
  state: CameraState,
  fault: CameraFault.nullable(),
  since: Instant,
  widthPx: z.int().nullable(),
  heightPx: z.int().nullable(),
});

const CameraDocument = z.strictObject({
  _id: CameraId,
  storeId: StoreId,
  name: z.string().min(1),
  sealedSource: z.instanceof(Uint8Array),
  /** The source without credentials. */
  source: z.string(),
  mode: CameraMode,
  /** Absent in cameras from before there were tills. */
  tillId: TillId.nullable().optional(),
  fps: z.number(),
  maxWidthPx: z.int(),
  stallMs: z.int(),
  createdAt: Instant,
  revision: z.int().min(1),
  status: Status,
  /** Capture replica that films it, until when (epoch, milliseconds). */
  lease: z.strictObject({ owner: z.string().nullable(), untilMs: z.int() }),
});
type CameraDocument = z.infer<typeof CameraDocument>;

/** A camera with its source, for the service that opens it. Never logged, never sent. */
export interface CameraConfiguration extends NewCamera {
  readonly revision: number;
}

/** Cameras are few: all of them are one page. */
const MOST_CAMERAS = 1_000;
export const CAMERAS: CollectionSpec = { name: 'cameras', indexes: [{ name: 'store', fields: ['storeId'] }] };

function viewOf(document: CameraDocument): CameraView {
  const { _id, storeId, name, source, mode, tillId = null, fps, maxWidthPx, stallMs, status } = document;
  return { cameraId: _id, storeId, name, source, mode, tillId, fps, maxWidthPx, stallMs, status };
}

/** Configured cameras, their state and who films them. Sources carry credentials and are sealed. */
export class CamerasRepository {
  private readonly cameras: Collection<CameraDocument>;

  constructor(
    store: DocumentStore,
    private readonly keyring: Keyring,
  ) {
    this.cameras = store.collection(CAMERAS);
  }

  private sealed(cameraId: string, source: string) {
    return {
      sealedSource: this.keyring.sealSecret(`camera ${cameraId}`, source),
      source: redactSource(source),
    };
  }

  /** @throws RegularsError CAMERA_EXISTS */
  async add(camera: NewCamera, at: Instant): Promise<CameraView> {
    const { cameraId, source, ...rest } = camera;
    const document = CameraDocument.parse({
      _id: cameraId,
      ...rest,
      ...this.sealed(cameraId, source),
      createdAt: at,
      revision: 1,
      status: { state: 'connecting', fault: null, since: at, widthPx: null, heightPx: null },
      lease: { owner: null, untilMs: 0 },
    });
    if (await this.cameras.insertOnce(document)) return viewOf(document);
    throw new RegularsError('CAMERA_EXISTS', { cameraId });
  }

  /** @throws RegularsError CAMERA_NOT_FOUND */
  async change(cameraId: string, change: CameraChange): Promise<CameraView> {
    const { source, ...rest } = change;
    const set = { ...rest, ...(source === undefined ? {} : this.sealed(cameraId, source)) };
    const changed = await this.cameras.update(cameraId, { set, inc: { revision: 1 } });
    if (changed) return viewOf(changed);
    throw new RegularsError('CAMERA_NOT_FOUND', { cameraId });
  }

  /** @returns whether there was one */
  remove(cameraId: string): Promise<boolean> {
    return this.cameras.delete(cameraId);
  }

  async get(cameraId: string): Promise<CameraView | null> {
    const document = await this.cameras.get(cameraId);
    return document && viewOf(document);
  }

  /** Ordered by id. @param storeId all stores when absent */
  async list(storeId?: string): Promise<CameraView[]> {
    const where: Where = storeId === undefined ? {} : { storeId };
    const { items } = await this.cameras.find({ where, limit: MOST_CAMERAS });
    return items.map(viewOf);
  }

  /** All cameras with their sources.
   *  @throws RegularsError CONFIGURATION_INVALID when they were sealed by another master key */
  async configurations(): Promise<CameraConfiguration[]> {
    const { items } = await this.cameras.find({ limit: MOST_CAMERAS });
    return items.map((document) => {
      const { _id, storeId, name, mode, tillId = null, fps, maxWidthPx, stallMs, revision } = document;
      const source = this.keyring.openSecret(`camera ${_id}`, document.sealedSource);
      return { cameraId: _id, storeId, name, source, mode, tillId, fps, maxWidthPx, stallMs, revision };
    });
  }

  /** Notes a camera's state unless a later one is known. */
  async recordStatus(status: CameraStatus): Promise<void> {
    const { cameraId, state, fault, since, widthPx, heightPx } = status;
    const change = { set: { status: { state, fault, since, widthPx, heightPx } } };
    await this.cameras.update(cameraId, change, { where: { 'status.since': { lte: since } } });
  }

  /** Takes or renews the right to film a camera: one owner at a time.
   *  @param owner names the process, unique among replicas
   *  @param time now and the end of the lease, epoch milliseconds; clocks of replicas differ by less than the
   *  lease is long
   *  @returns whether the camera is the owner's now */
  async lease(cameraId: string, owner: string, time: { nowMs: number; untilMs: number }): Promise<boolean> {
    const change = { set: { lease: { owner, untilMs: time.untilMs } } };
    const renewed = await this.cameras.update(cameraId, change, { where: { 'lease.owner': owner } });
    if (renewed) return true;
    const expired = { 'lease.untilMs': { lte: time.nowMs } };
    return (await this.cameras.update(cameraId, change, { where: expired })) !== null;
  }

  /** Gives the camera back, so that another replica need not wait for the lease's end. */
  async release(cameraId: string, owner: string): Promise<void> {
    const change = { set: { lease: { owner: null, untilMs: 0 } } };
    await this.cameras.update(cameraId, change, { where: { 'lease.owner': owner } });
  }
}

/** Which cameras stand at which till, for who has no key to the cameras' sources. */
export class TillCamerasRepository {
  private readonly cameras: Collection<CameraDocument>;

  constructor(store: DocumentStore) {
    this.cameras = store.collection(CAMERAS);
  }

  /** The till that stands before a camera; null when there is none, or no such camera. */
  async tillOf(cameraId: string): Promise<string | null> {
    return (await this.cameras.get(cameraId))?.tillId ?? null;
  }

  /** Ids of the cameras at a store's till; at any of its tills when none is named. */
  async at(storeId: string, tillId?: string): Promise<string[]> {
    const { items } = await this.cameras.find({ where: { storeId }, limit: MOST_CAMERAS });
    return items
      .filter((camera) =>
        tillId === undefined ? (camera.tillId ?? null) !== null : camera.tillId === tillId,
      )
      .map(({ _id }) => _id);
  }
}
