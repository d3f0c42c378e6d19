import { IdentityState, type Instant, WrongPerWeek } from '@regulars/contracts';
import { z } from 'zod';
import type { Collection, CollectionSpec, Document, DocumentStore } from '../document-store.js';
import { SettingsRepository } from './settings-repository.js';

/** What was counted of one day's passes before cameras that recognise. */
export interface IdentityTally {
  readonly passes: number;
  /** Passes that came within the threshold of somebody else than who they were taken for. */
  readonly near: number;
  /** Sum of the chances, predicted at the time, that they would. */
  readonly expected: number;
  /** Recognitions that an operator said were wrong. */
  readonly denied: number;
}

const TallyDocument = z.strictObject({
  /** The day, UTC. */
  _id: z.iso.date(),
  passes: z.number().default(0),
  near: z.number().default(0),
  expected: z.number().default(0),
  denied: z.number().default(0),
});
type TallyDocument = z.infer<typeof TallyDocument>;

/** That a sighting does not show a customer. */
export interface IdentityDenialRecord {
  readonly sightingId: string;
  readonly customerId: string;
  readonly deniedAt: Instant;
}

/** The key is the sighting and the customer. */
interface DenialDocument extends Document, IdentityDenialRecord {}

const TALLIES: CollectionSpec = { name: 'identity_tallies', indexes: [] };
const DENIALS: CollectionSpec = {
  name: 'identity_denials',
  indexes: [
    { name: 'customer', fields: ['customerId', 'deniedAt'] },
    { name: 'age', fields: ['deniedAt'] },
  ],
};

const BUDGET = 'recognition.identity.wrongPerWeek';
const STATE = 'recognition.identity.state';
const DAY_MS = 86_400_000;

const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** The budget of wrong recognitions: what is tolerated, what recognition makes of it, what was counted, and what
 *  operators said was wrong. */
export class IdentityRepository {
  private readonly settings: SettingsRepository;
  private readonly tallies: Collection<TallyDocument>;
  private readonly denials: Collection<DenialDocument>;

  constructor(store: DocumentStore) {
    this.settings = new SettingsRepository(store);
    this.tallies = store.collection(TALLIES);
    this.denials = store.collection(DENIALS);
  }

  /** @returns null while no operator has set it */
  wrongPerWeek(): Promise<number | null> {
    return this.settings.get(BUDGET, WrongPerWeek);
  }

  setWrongPerWeek(value: number): Promise<void> {
    return this.settings.set(BUDGET, value);
  }

  /** What recognition decided by last; null before its first start. */
  state(): Promise<IdentityState | null> {
    return this.settings.get(STATE, IdentityState);
  }

  saveState(state: IdentityState): Promise<void> {
    return this.settings.set(STATE, state);
  }

  /** Adds to what was counted of a day. */
  async count(
    atMs: number,
    { passes = 0, near = 0, expected = 0, denied = 0 }: Partial<IdentityTally>,
  ): Promise<void> {
    await this.tallies.update(dayOf(atMs), { inc: { passes, near, expected, denied } }, { insert: {} });
  }

  /** What was counted of the day and of the six before it, the oldest first; days of which nothing was counted are
   *  left out. */
  async lastWeek(atMs: number): Promise<readonly IdentityTally[]> {
    const days = Array.from({ length: 7 }, (_, i) => dayOf(atMs - (6 - i) * DAY_MS));
    const found = (await this.tallies.getAll(days)).map((document) => TallyDocument.parse(document));
    return found
      .sort((one, other) => (one._id < other._id ? -1 : 1))
      .map(({ passes, near, expected, denied }) => ({ passes, near, expected, denied }));
  }

  /** Keeps that a sighting does not show a customer. @returns whether it was not known */
  deny({ sightingId, customerId, deniedAt }: IdentityDenialRecord): Promise<boolean> {
    const _id = `${sightingId}/${customerId}`;
    return this.denials.insertOnce({ _id, sightingId, customerId, deniedAt });
  }

  /** What an operator said first of the sighting and the customer; null when nothing. */
  async denial(sightingId: string, customerId: string): Promise<IdentityDenialRecord | null> {
    const found = await this.denials.get(`${sightingId}/${customerId}`);
    return found && { sightingId, customerId, deniedAt: found.deniedAt };
  }

  /** Removes what was said of a customer. @returns how many denials there were */
  deleteDenialsOf(customerId: string): Promise<number> {
    return this.denials.deleteWhere({ customerId });
  }

  /** Retention: removes denials older than their sightings, and old tallies. @returns how many denials */
  async deleteBefore(instant: Instant): Promise<number> {
    return this.denials.deleteWhere({ deniedAt: { lt: instant } });
  }
}
