import { CameraId, Instant, PseudonymId, SightingId, StoreId } from '@regulars/contracts';
import { z } from 'zod';
import type { Collection, CollectionSpec, DocumentStore, Page } from '../document-store.js';
import { toBytes, toEmbedding } from './embedding-bytes.js';
import type { Keyring } from './keyring.js';

/** `day` pseudonyms end at midnight, `returning` ones some weeks after the stranger was last seen. */
export type PseudonymKind = 'day' | 'returning';

const PassDocument = z.strictObject({
  _id: SightingId,
  pseudonymId: PseudonymId,
  storeId: StoreId,
  cameraId: CameraId,
  startedAt: Instant,
  endedAt: Instant,
  /** Recogniser that computed the embedding. */
  model: z.string().min(1),
  /** To what was known of the pseudonym when the pass was joined to it; null for the first, and where the
   *  operator said who it is. */
  distance: z.number().nullable(),
  /** Whether it helps to recognise the stranger: a view that says little is joined and not learned from. */
  isTrusted: z.boolean(),
  /** The pseudonym under which passes that look like it came together. */
  look: PseudonymId,
  /** Mean direction of the pass's views, sealed by the pseudonym's key. */
  sealedEmbedding: z.instanceof(Uint8Array),
  expiresAt: Instant,
});
type PassDocument = z.infer<typeof PassDocument>;

/** A stranger who is known again by a number only. */
export interface Pseudonym {
  readonly pseudonymId: string;
  readonly storeId: string;
  readonly kind: PseudonymKind;
  readonly firstSeenAt: Instant;
  readonly lastSeenAt: Instant;
}

type Owner = Pick<Pseudonym, 'pseudonymId' | 'storeId'>;

/** One sighting of a pseudonym, without its embedding. */
export interface Pass extends Omit<PassDocument, '_id' | 'sealedEmbedding'> {
  readonly sightingId: string;
}

export interface PassWithEmbedding extends Pass {
  readonly embedding: Float32Array;
}

interface PseudonymDocument extends Omit<Pseudonym, 'pseudonymId'> {
  readonly _id: string;
}

const PSEUDONYMS: CollectionSpec = {
  name: 'pseudonyms',
  indexes: [{ name: 'store', fields: ['storeId', 'lastSeenAt'] }],
};
const PASSES: CollectionSpec = {
  name: 'pseudonym_passes',
  indexes: [
    { name: 'pseudonym', fields: ['pseudonymId', 'startedAt'] },
    { name: 'expiry', fields: ['expiresAt'] },
  ],
};

const purposeOf = (model: string, sightingId: string) => `pass ${model} ${sightingId}`;

function passOf({ _id, sealedEmbedding: _sealed, ...rest }: PassDocument): Pass {
  return { sightingId: _id, ...rest };
}

function pseudonymOf({ _id, ...rest }: PseudonymDocument): Pseudonym {
  return { pseudonymId: _id, ...rest };
}

/** Strangers who come again, by pseudonym, and the passes that were joined to each. Embeddings are sealed by a key
 *  of each pseudonym's own. */
export class PseudonymsRepository {
  private readonly pseudonyms: Collection<PseudonymDocument>;
  private readonly passes: Collection<PassDocument>;

  constructor(
    store: DocumentStore,
    private readonly keyring: Keyring,
  ) {
    this.pseudonyms = store.collection(PSEUDONYMS);
    this.passes = store.collection(PASSES);
  }

  async get(pseudonymId: string): Promise<Pseudonym | null> {
    const document = await this.pseudonyms.get(pseudonymId);
    return document && pseudonymOf(document);
  }

  /** Newest first. @throws RegularsError REQUEST_INVALID for a foreign cursor */
  async list(storeId: string, page: { limit: number; cursor?: string }): Promise<Page<Pseudonym>> {
    const sort = [['lastSeenAt', 'desc']] as const;
    const { items, nextCursor } = await this.pseudonyms.find({ where: { storeId }, sort, ...page });
    return { items: items.map(pseudonymOf), nextCursor };
  }

  /** Joins a pass to a pseudonym, which is made when it is new; a pass that is known already is written anew.
   *  @throws RegularsError KEY_DESTROYED when the pseudonym has ended */
  async join(pass: PassWithEmbedding, kind: PseudonymKind): Promise<void> {
    const { sightingId, embedding, pseudonymId, storeId, startedAt, endedAt } = pass;
    const purpose = purposeOf(pass.model, sightingId);
    const sealedEmbedding = await this.keyring.seal(pseudonymId, purpose, toBytes(embedding));
    const { sightingId: _id, embedding: _embedding, ...rest } = pass;
    await this.pseudonyms.update(
      pseudonymId,
      { min: { firstSeenAt: startedAt }, max: { lastSeenAt: endedAt } },
      { insert: { storeId, kind } },
    );
    await this.passes.put(PassDocument.parse({ ...rest, _id, sealedEmbedding }));
  }

  /** A pass turned out to be somebody else's. @returns whether there was one */
  leave(sightingId: string): Promise<boolean> {
    return this.passes.delete(sightingId);
  }

  countPasses(pseudonymId: string): Promise<number> {
    return this.passes.count({ pseudonymId });
  }

  /** Oldest first, at most 1,000. */
  async passesOf(pseudonymId: string): Promise<Pass[]> {
    const { items } = await this.passes.find({ where: { pseudonymId }, limit: 1_000 });
    return items.map(passOf);
  }

  /** Oldest first, at most 1,000. @throws RegularsError KEY_DESTROYED when the pseudonym has ended */
  async opened(pseudonymId: string): Promise<PassWithEmbedding[]> {
    const { items } = await this.passes.find({ where: { pseudonymId }, limit: 1_000 });
    return Promise.all(
      items.map(async (item) => {
        const purpose = purposeOf(item.model, item._id);
        const bytes = await this.keyring.open(pseudonymId, purpose, item.sealedEmbedding);
        return { ...passOf(item), embedding: toEmbedding(bytes) };
      }),
    );
  }

  /** All passes of all pseudonyms, by pseudonym, with what kind each is; those that have ended are left out. */
  async *all(): AsyncGenerator<{ readonly pass: PassWithEmbedding; readonly kind: PseudonymKind }> {
    const opener = await this.keyring.opener();
    let current: PseudonymDocument | null = null;
    const sort = [
      ['pseudonymId', 'asc'],
      ['startedAt', 'asc'],
    ] as const;
    for await (const item of this.passes.each({ sort, limit: 1_000 })) {
      if (current?._id !== item.pseudonymId) current = await this.pseudonyms.get(item.pseudonymId);
      if (current === null) continue;
      const purpose = purposeOf(item.model, item._id);
      const bytes = await opener.open(item.pseudonymId, purpose, item.sealedEmbedding);
      if (bytes) yield { pass: { ...passOf(item), embedding: toEmbedding(bytes) }, kind: current.kind };
    }
  }

  /** Removes pseudonyms with their passes; their keys first, so that back-ups of the passes cannot be read. */
  async remove(pseudonymIds: readonly string[], at: Instant): Promise<void> {
    await this.keyring.destroyAll(pseudonymIds, at);
    for (const pseudonymId of pseudonymIds) {
      await this.passes.deleteWhere({ pseudonymId });
      await this.pseudonyms.delete(pseudonymId);
    }
  }

  /** Ends a pseudonym whose passes were all given to another one. It may come back, with another key. */
  async endWithout(pseudonymId: string): Promise<void> {
    await this.pseudonyms.delete(pseudonymId);
    await this.keyring.drop(pseudonymId);
  }

  /** Retention: removes passes whose time is over, and pseudonyms of which nothing is left.
   *  @returns the pseudonyms that ended, and those that know less now */
  async expire(
    at: Instant,
  ): Promise<{ readonly ended: readonly Owner[]; readonly thinned: readonly Owner[] }> {
    const over = { expiresAt: { lte: at } };
    const touched = new Map<string, Owner>();
    for await (const { pseudonymId, storeId } of this.passes.each({ where: over, limit: 1_000 }))
      touched.set(pseudonymId, { pseudonymId, storeId });
    if (touched.size > 0) await this.passes.deleteWhere(over);
    const ended: Owner[] = [];
    for (const owner of touched.values()) {
      if ((await this.countPasses(owner.pseudonymId)) === 0) ended.push(owner);
    }
    await this.remove(
      ended.map(({ pseudonymId }) => pseudonymId),
      at,
    );
    return { ended, thinned: [...touched.values()].filter((owner) => !ended.includes(owner)) };
  }
}
