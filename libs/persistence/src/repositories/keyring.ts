import { randomBytes } from 'node:crypto';
import { RegularsError, type Instant } from '@regulars/contracts';
import type { Collection, CollectionSpec, Document, DocumentStore } from '../document-store.js';
import { masterKeyInvalid } from './master-key.js';
import { KEY_BYTES, openBytes, sealBytes } from './sealing.js';

interface KeyDocument extends Document {
  /** The person's key sealed by the master key; null once destroyed. */
  readonly wrapped: Uint8Array | null;
  readonly destroyedAt: Instant | null;
}

const KEYS: CollectionSpec = { name: 'keys', indexes: [{ name: 'destroyed', fields: ['destroyedAt'] }] };
/** Sealed once at first use, so that another master key is noticed at start. */
const CHECK_ID = 'master-key-check';

/** Opens what was sealed for many people, without asking the store for each. */
export interface Opener {
  /** @returns null when the person's key was destroyed */
  open(personId: string, purpose: string, sealed: Uint8Array): Promise<Uint8Array | null>;
}

/** A key for every person, wrapped by the master key (AES-256-GCM). Destroying it makes everything sealed for
 *  the person unreadable, in back-ups of the sealed data too. */
export class Keyring {
  private readonly keys: Collection<KeyDocument>;

  /** @param masterKey 32 bytes */
  constructor(
    private readonly store: DocumentStore,
    private readonly masterKey: Uint8Array,
  ) {
    if (masterKey.length !== KEY_BYTES) throw masterKeyInvalid(`expected ${KEY_BYTES} bytes`);
    this.keys = store.collection(KEYS);
  }

  /** Makes sure that this master key is the one the store was begun with.
   *  @throws RegularsError CONFIGURATION_INVALID naming REGULARS_MASTER_KEY */
  async verify(): Promise<void> {
    const check = sealBytes(this.masterKey, ['check'], Uint8Array.of(1));
    if (await this.keys.insertOnce({ _id: CHECK_ID, wrapped: check, destroyedAt: null })) return;
    const known = await this.keys.get(CHECK_ID);
    if (known?.wrapped && !openBytes(this.masterKey, ['check'], known.wrapped)) throw this.wrongKey();
  }

  private wrongKey(): RegularsError {
    return masterKeyInvalid('it is not the key that the data was sealed with');
  }

  private unwrap(key: KeyDocument): Uint8Array {
    if (!key.wrapped) throw new RegularsError('KEY_DESTROYED', { personId: key._id });
    const opened = openBytes(this.masterKey, ['key', key._id], key.wrapped);
    if (!opened) throw this.wrongKey();
    return opened;
  }

  private async keyOf(personId: string): Promise<Uint8Array> {
    const known = await this.keys.get(personId);
    if (known) return this.unwrap(known);
    throw new RegularsError('KEY_DESTROYED', { personId });
  }

  private async keyFor(personId: string): Promise<Uint8Array> {
    const known = await this.keys.get(personId);
    if (known) return this.unwrap(known);
    const key = new Uint8Array(randomBytes(KEY_BYTES));
    const wrapped = sealBytes(this.masterKey, ['key', personId], key);
    const isFirst = await this.keys.insertOnce({ _id: personId, wrapped, destroyedAt: null });
    return isFirst ? key : this.keyOf(personId);
  }

  /** @param purpose what the bytes are; opening names the same
   *  @throws RegularsError KEY_DESTROYED for an erased person: no new key is made */
  async seal(personId: string, purpose: string, bytes: Uint8Array): Promise<Uint8Array> {
    return sealBytes(await this.keyFor(personId), [purpose, personId], bytes);
  }

  /** @throws RegularsError KEY_DESTROYED; STORE_CORRUPT when the bytes are not what was sealed for this person
   *  and purpose */
  async open(personId: string, purpose: string, sealed: Uint8Array): Promise<Uint8Array> {
    return this.opened(openBytes(await this.keyOf(personId), [purpose, personId], sealed), purpose);
  }

  private opened(bytes: Uint8Array | null, purpose: string): Uint8Array {
    if (bytes) return bytes;
    throw new RegularsError('STORE_CORRUPT', { reason: 'sealed bytes were changed or moved', purpose });
  }

  /** Reads all keys once: 32 bytes a person, held as long as the opener is. */
  async opener(): Promise<Opener> {
    const keys = new Map<string, Uint8Array>();
    for await (const key of this.keys.each({ limit: 1_000 })) {
      if (key._id !== CHECK_ID && key.wrapped) keys.set(key._id, this.unwrap(key));
    }
    return {
      open: async (personId, purpose, sealed) => {
        const key = keys.get(personId) ?? (await this.livingKeyOf(personId));
        return key && this.opened(openBytes(key, [purpose, personId], sealed), purpose);
      },
    };
  }

  private async livingKeyOf(personId: string): Promise<Uint8Array | null> {
    const known = await this.keys.get(personId);
    return known?.wrapped ? this.unwrap(known) : null;
  }

  /** Erasure: the key is overwritten, and no other will be made for this person.
   *  @returns whether there was a key */
  async destroy(personId: string, at: Instant): Promise<boolean> {
    const before = await this.keys.get(personId);
    if (before?.wrapped === null) return false;
    const gone = { wrapped: null, destroyedAt: at };
    await this.keys.update(personId, { set: gone }, { insert: {} });
    await this.store.scrub();
    return before !== null;
  }

  /** Destroys the keys of many at once. */
  async destroyAll(personIds: readonly string[], at: Instant): Promise<void> {
    for (const personId of personIds) {
      await this.keys.update(personId, { set: { wrapped: null, destroyedAt: at } }, { insert: {} });
    }
    if (personIds.length > 0) await this.store.scrub();
  }

  /** Takes a key away without a trace: nothing is sealed by it any more, and its owner may come back. */
  async drop(personId: string): Promise<void> {
    await this.keys.update(personId, { set: { wrapped: null } });
    await this.keys.delete(personId);
    await this.store.scrub();
  }

  /** Forgets that keys were destroyed, once no late message can bring their owners back: pseudonyms come and go by
   *  the hundred a day.
   *  @param prefix of the ids, such as `pse_`
   *  @returns how many */
  async forgetDestroyed(prefix: string, before: Instant): Promise<number> {
    const where = { destroyedAt: { gt: '', lt: before } };
    const old: string[] = [];
    for await (const { _id } of this.keys.each({ where, limit: 1_000 }))
      if (_id.startsWith(prefix)) old.push(_id);
    await this.keys.bulk(old.map((id) => ({ kind: 'delete', id })));
    return old.length;
  }

  /** Seals a secret of the installation (a camera's source) by the master key itself. */
  sealSecret(purpose: string, secret: string): Uint8Array {
    return sealBytes(this.masterKey, ['secret', purpose], Buffer.from(secret));
  }

  /** @throws RegularsError CONFIGURATION_INVALID when it was sealed by another master key */
  openSecret(purpose: string, sealed: Uint8Array): string {
    const opened = openBytes(this.masterKey, ['secret', purpose], sealed);
    if (!opened) throw this.wrongKey();
    return Buffer.from(opened).toString();
  }
}
