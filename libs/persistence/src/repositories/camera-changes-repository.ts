import type { CameraStatus, Instant } from '@regulars/contracts';
import type { Collection, CollectionSpec, Document, DocumentStore } from '../document-store.js';

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

  /** Changes of all cameras of a store up to an instant, the oldest first. */
  async ofStore(storeId: string, to: Instant): Promise<CameraChangeDocument[]> {
    const found: CameraChangeDocument[] = [];
    const where = { storeId, since: { lte: to } };
    for await (const change of this.changes.each({ where, limit: 500 })) found.push(change);
    return found;
  }

  /** Changes of a camera up to an instant, the oldest first. */
  async upTo(cameraId: string, to: Instant): Promise<CameraChangeDocument[]> {
    const where = { cameraId, since: { lte: to } };
    const found: CameraChangeDocument[] = [];
    for await (const change of this.changes.each({ where, limit: 500 })) found.push(change);
    return found;
  }
}
