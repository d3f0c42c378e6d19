import { AlertId, Instant, SatisfactionClass, SightingId } from '@regulars/contracts';
import { z } from 'zod';
import type { Collection, CollectionSpec, DocumentStore } from '../document-store.js';
import { saveRevision } from './revisions.js';

const TillWatch = z.strictObject({
  _id: SightingId,
  /** How the person looked lately, in order of time. */
  views: z.array(z.strictObject({ at: Instant, class: SatisfactionClass })),
  /** When staff were told of the person; null while they were not. */
  raisedAt: Instant.nullable(),
  touchedAt: Instant,
  revision: z.int().min(1),
});
/** How one person at a till has looked lately. */
export type TillWatch = Readonly<z.infer<typeof TillWatch>>;

const AlertPause = z.strictObject({
  /** Store and till. */
  _id: z.string(),
  /** The last alert of the till, by its own time. */
  alertId: AlertId,
  raisedAt: Instant,
});
type AlertPause = z.infer<typeof AlertPause>;

const WATCHES: CollectionSpec = {
  name: 'till_watches',
  indexes: [{ name: 'touched', fields: ['touchedAt'] }],
};
const PAUSES: CollectionSpec = { name: 'alert_pauses', indexes: [] };

/** What is remembered to tell staff in time, and not too often. */
export class AlertsRepository {
  private readonly watches: Collection<TillWatch>;
  private readonly pauses: Collection<AlertPause>;

  constructor(store: DocumentStore) {
    this.watches = store.collection(WATCHES);
    this.pauses = store.collection(PAUSES);
  }

  watchOf(sightingId: string): Promise<TillWatch | null> {
    return this.watches.get(sightingId);
  }

  /** @param expected revision that was read; null when there was none
   *  @throws TransientError REVISION_CONFLICT */
  async save(watch: Omit<TillWatch, 'revision'>, expected: number | null): Promise<TillWatch> {
    const document = TillWatch.parse({ ...watch, revision: 1 });
    return saveRevision(this.watches, document, expected, Object.keys(TillWatch.shape));
  }

  /** @returns how many */
  forgetBefore(at: Instant): Promise<number> {
    return this.watches.deleteWhere({ touchedAt: { lt: at } });
  }

  /** Takes the right to raise an alert of a till: one in a pause. The alert that has it may take it again.
   *  @param notAfter the last alert must have been raised then or earlier */
  async claim(
    place: { readonly storeId: string; readonly tillId: string },
    alert: { readonly alertId: string; readonly raisedAt: Instant; readonly notAfter: Instant },
  ): Promise<boolean> {
    const _id = `${place.storeId} ${place.tillId}`;
    const { alertId, raisedAt, notAfter } = alert;
    const change = { set: { alertId, raisedAt } };
    if (await this.pauses.insertOnce(AlertPause.parse({ _id, alertId, raisedAt }))) return true;
    if (await this.pauses.update(_id, change, { where: { raisedAt: { lte: notAfter } } })) return true;
    return (await this.pauses.get(_id))?.alertId === alertId;
  }
}
