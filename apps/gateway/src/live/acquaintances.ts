import type { Identity, Log } from '@regulars/contracts';
import type { Acquaintance } from './live-event.js';

/** Shown for a customer who was erased or whose record cannot be read now. */
export const NAMELESS = 'Customer without a name';

const UNDECIDED: Identity = { kind: 'undecided' };

/** Looks up a customer's name.
 *  @returns null when there is no such customer or the name was erased */
export type NameLookup = (customerId: string) => Promise<string | null>;

/** Bounded memory of names and of who the open sightings show. A name is looked up once and kept until the
 *  customer changes (`customer.updated`). */
export class Acquaintances implements Acquaintance {
  private readonly names = new Map<string, Promise<void> | string>();
  private readonly identities = new Map<string, Identity>();

  /** @param capacity customers, and sightings, that are remembered */
  constructor(
    private readonly lookUp: NameLookup,
    private readonly log: Log,
    private readonly capacity = 5_000,
  ) {}

  /** Makes the names known. A name that cannot be read now is shown as NAMELESS and looked up again next time. */
  async learn(customerIds: readonly string[]): Promise<void> {
    await Promise.all(customerIds.map((customerId) => this.learnOne(customerId)));
  }

  private async learnOne(customerId: string): Promise<void> {
    const known = this.names.get(customerId);
    if (known !== undefined) {
      await known;
      return;
    }
    const looking: Promise<void> = this.lookUp(customerId).then(
      (name) => this.settle(customerId, looking, name ?? NAMELESS),
      (error: unknown) => {
        this.settle(customerId, looking, null);
        this.log.warn({ customerId, reason: String(error) }, 'name of a customer not read');
      },
    );
    this.names.set(customerId, looking);
    trim(this.names, this.capacity);
    await looking;
  }

  /** A look-up that was overtaken by a change of the customer is not kept. */
  private settle(customerId: string, looking: Promise<void>, name: string | null): void {
    if (this.names.get(customerId) !== looking) return;
    if (name === null) this.names.delete(customerId);
    else this.names.set(customerId, name);
  }

  nameOf(customerId: string): string {
    const name = this.names.get(customerId);
    return typeof name === 'string' ? name : NAMELESS;
  }

  forgetName(customerId: string): void {
    this.names.delete(customerId);
  }

  identityOf(sightingId: string): Identity {
    return this.identities.get(sightingId) ?? UNDECIDED;
  }

  rememberIdentity(sightingId: string, identity: Identity): void {
    this.identities.delete(sightingId);
    this.identities.set(sightingId, identity);
    trim(this.identities, this.capacity);
  }
}

/** Drops the oldest entries. */
function trim(map: Map<string, unknown>, capacity: number): void {
  for (const key of map.keys()) {
    if (map.size <= capacity) return;
    map.delete(key);
  }
}
