import type { CameraStatus, Instant } from '@regulars/contracts';
import type { Collection, CollectionSpec, Document, DocumentStore, Where } from '../document-store.js';

export interface CameraChangeDocument extends Document {
  readonly storeId: string;
  readonly cameraId: string;
  readonly state: CameraStatus['state'];
  readonly since: Instant;
  readonly fault: CameraStatus['fault'];
}

const CAMERA_CHANGES: CollectionSpec = {
  name: 'camera_changes',
  indexes: [
    { name: 'camera', fields: ['cameraId', 'since'] },
    { name: 'store', fields: ['storeId', 'since'] },
  ],
};

/** What cameras told of themselves, from which outages follow. */
export class CameraChangesRepository {
  private readonly changes: Collection<CameraChangeDocument>;

  constructor(store: DocumentStore) {
    this.changes = store.collection<CameraChangeDocument>(CAMERA_CHANGES);
  }

  async enter(change: Omit<CameraChangeDocument, '_id'>): Promise<void> {
    await this.changes.insertOnce({ ...change, _id: `${change.cameraId}/${change.since}/${change.state}` });
  }

  /** Changes of all cameras of a store in a time, the oldest first. @param time `to` no longer belongs to it */
  async within(storeId: string, time: { from: Instant; to: Instant }): Promise<CameraChangeDocument[]> {
    return this.collect({ storeId, since: { gte: time.from, lt: time.to } });
  }

  /** Changes of all cameras of a store up to an instant, the oldest first. */
  async ofStore(storeId: string, to: Instant): Promise<CameraChangeDocument[]> {
    return this.collect({ storeId, since: { lte: to } });
  }

  /** Changes of a camera up to an instant, the oldest first. */
  async upTo(cameraId: string, to: Instant): Promise<CameraChangeDocument[]> {
    return this.collect({ cameraId, since: { lte: to } });
  }

  private async collect(where: Where): Promise<CameraChangeDocument[]> {
    const found: CameraChangeDocument[] = [];
    for await (const change of this.changes.each({ where, limit: 500 })) found.push(change);
    return found;
  }
}
