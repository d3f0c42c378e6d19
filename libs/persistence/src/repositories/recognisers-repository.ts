import { BesideRole, Instant, RecogniserChange, TransientError } from '@regulars/contracts';
import { z } from 'zod';
import type { Collection, CollectionSpec, DocumentStore } from '../document-store.js';

const PlanDocument = z.strictObject({
  _id: z.literal('plan'),
  /** Null: the recogniser that models/manifest.json names. */
  serving: z.string().nullable(),
  beside: z.strictObject({ model: z.string(), role: BesideRole, since: Instant }).nullable(),
  revision: z.int().min(0),
});
type PlanDocument = z.infer<typeof PlanDocument>;

/** Which recogniser is to serve, and which stands beside it. */
export type RecogniserPlan = Omit<PlanDocument, '_id'>;

const ChangeDocument = z.strictObject({
  ...RecogniserChange.omit({ changeId: true }).shape,
  _id: RecogniserChange.shape.changeId,
});
type ChangeDocument = z.infer<typeof ChangeDocument>;

const PLAN: CollectionSpec = { name: 'recogniser_plan', indexes: [] };
const CHANGES: CollectionSpec = { name: 'recogniser_changes', indexes: [{ name: 'at', fields: ['at'] }] };
const NO_PLAN: RecogniserPlan = { serving: null, beside: null, revision: 0 };

/** Which recogniser serves: decided once for all processes, and every change kept. */
export class RecognisersRepository {
  private readonly plans: Collection<PlanDocument>;
  private readonly history: Collection<ChangeDocument>;

  constructor(store: DocumentStore) {
    this.plans = store.collection(PLAN);
    this.history = store.collection(CHANGES);
  }

  async plan(): Promise<RecogniserPlan> {
    const document = await this.plans.get('plan');
    if (document === null) return NO_PLAN;
    const { _id, ...plan } = document;
    return plan;
  }

  /** Puts another plan in the place of the one that was read; the change is written down first, so that none is
   *  ever unaccounted for.
   *  @throws TransientError REVISION_CONFLICT when another process changed it in between */
  async decide(
    next: Omit<RecogniserPlan, 'revision'>,
    revision: number,
    change: RecogniserChange,
  ): Promise<void> {
    const { changeId, ...rest } = change;
    await this.history.insertOnce(ChangeDocument.parse({ _id: changeId, ...rest }));
    const document = PlanDocument.parse({ _id: 'plan', ...next, revision: revision + 1 });
    if (revision === 0 && (await this.plans.insertOnce(document))) return;
    const { serving, beside } = document;
    const set = { serving, beside, revision: revision + 1 };
    if (await this.plans.update('plan', { set }, { where: { revision } })) return;
    await this.history.delete(changeId);
    throw new TransientError('REVISION_CONFLICT', { id: 'recogniser plan' });
  }

  /** The newest first. */
  async changes(limit: number): Promise<RecogniserChange[]> {
    const { items } = await this.history.find({ sort: [['at', 'desc']], limit });
    return items.map(({ _id, ...rest }) => ({ changeId: _id, ...rest }));
  }
}
