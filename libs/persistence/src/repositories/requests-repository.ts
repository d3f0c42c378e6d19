import type { Instant } from '@regulars/contracts';
import type { Collection, CollectionSpec, Document, DocumentStore } from '../document-store.js';
import { GroupCommit } from '../group-commit.js';

/** What a request was answered with. */
export interface KeptAnswer {
  readonly status: number;
  /** JSON text. */
  readonly body: string;
}

interface RequestDocument extends Document {
  /** Hash of method, path and body. */
  readonly fingerprint: string;
  /** When work on it began, milliseconds since 1970. */
  readonly claimedAtMs: number;
  readonly answer?: KeptAnswer;
  readonly expiresAt: Instant;
}

/** What is known of a request with this key. `mine`: go on, and settle or release it. */
export type Claim =
  | { readonly kind: 'mine' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'other' }
  | { readonly kind: 'answered'; readonly answer: KeptAnswer };

const REQUESTS: CollectionSpec = {
  name: 'requests',
  indexes: [{ name: 'expiry', fields: ['expiresAt'] }],
};
/** How long an answer is kept. */
export const ANSWER_KEPT_MS = 24 * 3_600_000;
/** After this long whoever worked on a request is taken for dead. Two that work on the same sales at once do no
 *  harm: a sale is stored once by its own id. */
export const CLAIM_MS = 5_000;

/** Requests with an Idempotency-Key and their answers, for 24 hours. */
export class RequestsRepository {
  private readonly requests: Collection<RequestDocument>;
  private readonly reads: GroupCommit<string, boolean>;
  private readonly claims: GroupCommit<RequestDocument, boolean>;
  private readonly answers: GroupCommit<{ id: string; answer: KeptAnswer }, undefined>;

  constructor(store: DocumentStore) {
    this.requests = store.collection(REQUESTS);
    this.reads = new GroupCommit(async (ids) => {
      const known = new Set((await this.requests.getAll([...new Set(ids)])).map(({ _id }) => _id));
      return ids.map((id) => !known.has(id));
    });
    this.claims = new GroupCommit((documents) => this.requests.insertAllOnce(documents));
    this.answers = new GroupCommit(async (answered) => {
      await this.requests.bulk(
        answered.map(({ id, answer }) => ({ kind: 'update', id, change: { set: { answer } } })),
      );
      return answered.map(() => undefined);
    });
  }

  /** Whether no request with this id was claimed. Many that are asked for at once are read together. */
  isFree(id: string): Promise<boolean> {
    return this.reads.add(id);
  }

  /** Claims the work on a request. Of several that come at once, one gets it.
   *  @param id of the sender and the key */
  async claim(id: string, fingerprint: string, nowMs: number): Promise<Claim> {
    const expiresAt = new Date(nowMs + ANSWER_KEPT_MS).toISOString();
    const document = { _id: id, fingerprint, claimedAtMs: nowMs, expiresAt };
    if (await this.claims.add(document)) return { kind: 'mine' };
    const known = await this.requests.get(id);
    if (known === null) return { kind: 'busy' };
    const isExpired = Date.parse(known.expiresAt) <= nowMs;
    if (!isExpired && known.fingerprint !== fingerprint) return { kind: 'other' };
    if (!isExpired && known.answer !== undefined) return { kind: 'answered', answer: known.answer };
    if (!isExpired && known.claimedAtMs > nowMs - CLAIM_MS) return { kind: 'busy' };
    return this.takeOver(known, { fingerprint, claimedAtMs: nowMs, expiresAt });
  }

  private async takeOver(known: RequestDocument, set: Omit<RequestDocument, '_id'>): Promise<Claim> {
    const where = { claimedAtMs: known.claimedAtMs, expiresAt: known.expiresAt };
    const change = { set: { ...set }, unset: ['answer'] };
    return (await this.requests.update(known._id, change, { where })) ? { kind: 'mine' } : { kind: 'busy' };
  }

  async settle(id: string, answer: KeptAnswer): Promise<void> {
    await this.answers.add({ id, answer });
  }

  /** Gives up the claim: the next request with this key is worked on anew. */
  async release(id: string): Promise<void> {
    await this.requests.delete(id);
  }

  /** Retention. @returns how many */
  deleteExpired(now: Instant): Promise<number> {
    return this.requests.deleteWhere({ expiresAt: { lt: now } });
  }
}
