import { HeadView } from '@regulars/contracts';
import { z } from 'zod';
import type { Collection, CollectionSpec, DocumentStore } from '../document-store.js';

const HeadDocument = z.strictObject({
  ...HeadView.omit({ headId: true }).shape,
  _id: HeadView.shape.headId,
  /** As encodeHead gives it. */
  weights: z.instanceof(Uint8Array),
});
type HeadDocument = z.infer<typeof HeadDocument>;

const HEADS: CollectionSpec = {
  name: 'expression_heads',
  indexes: [
    { name: 'trained', fields: ['model', 'trainedAt'] },
    { name: 'state', fields: ['model', 'state'] },
  ],
};
/** Of one model; the oldest that does not serve goes when there are more (0.7 MB each). */
const MOST_HEADS = 20;

function viewOf({ _id, weights: _weights, ...rest }: HeadDocument): HeadView {
  return { headId: _id, ...rest };
}

/** Heads that were trained on corrections, and which of them serves. */
export class HeadsRepository {
  private readonly heads: Collection<HeadDocument>;

  constructor(store: DocumentStore) {
    this.heads = store.collection(HEADS);
  }

  async add({ headId, ...view }: HeadView, weights: Uint8Array): Promise<void> {
    await this.heads.insertOnce(HeadDocument.parse({ _id: headId, ...view, weights }));
    const all = await this.list(view.model);
    for (const old of all.slice(MOST_HEADS)) if (old.state !== 'serving') await this.heads.delete(old.headId);
  }

  /** The newest first. */
  async list(model: string): Promise<HeadView[]> {
    const sort = [['trainedAt', 'desc']] as const;
    const { items } = await this.heads.find({ where: { model }, sort, limit: 100 });
    return items.map(viewOf);
  }

  /** @returns null: the shipped head serves */
  async serving(model: string): Promise<string | null> {
    const { items } = await this.heads.find({ where: { model, state: 'serving' }, limit: 1 });
    return items[0]?._id ?? null;
  }

  async weightsOf(headId: string): Promise<Uint8Array | null> {
    return (await this.heads.get(headId))?.weights ?? null;
  }

  /** Lets one serve, and no other; none: the shipped one.
   *  @returns whether there is such a head of the model */
  async serve(model: string, headId: string | null): Promise<boolean> {
    const all = await this.list(model);
    if (headId !== null && !all.some((head) => head.headId === headId)) return false;
    for (const { headId: other, state } of all) {
      if (state === 'serving' && other !== headId) {
        await this.heads.update(other, { set: { state: 'retired' } });
      }
    }
    if (headId !== null) await this.heads.update(headId, { set: { state: 'serving' } });
    return true;
  }
}
