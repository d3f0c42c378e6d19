import { messageOf, type Log } from '@regulars/contracts';
import type { CustomersRepository } from '@regulars/persistence';

/** A broadcast may be lost while the broker is away: so often the store is asked anew. */
const CHECK_MS = 60_000;

/** Who of the enrolled works in the shop. */
export interface Staff {
  /** Whether anybody does. */
  readonly any: boolean;
  has(customerId: string): boolean;
}

export const NO_STAFF: Staff = { any: false, has: () => false };

/** The staff as the store has them. */
export class StaffRoll implements Staff {
  private ids: ReadonlySet<string> = new Set();
  private timer: NodeJS.Timeout | null = null;
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly customers: Pick<CustomersRepository, 'staff'>,
    private readonly log: Log,
  ) {}

  get any(): boolean {
    return this.ids.size > 0;
  }

  has(customerId: string): boolean {
    return this.ids.has(customerId);
  }

  /** @throws TransientError STORE_UNAVAILABLE */
  async open(): Promise<void> {
    await this.read();
    this.timer = setInterval(() => {
      this.read().catch((error: unknown) => {
        this.log.warn({ reason: messageOf(error) }, 'staff could not be read; those known stand');
      });
    }, CHECK_MS);
    this.timer.unref();
  }

  /** Reads anew, after the reading in hand, so that an older one never overwrites a newer.
   *  @throws TransientError STORE_UNAVAILABLE; those known stand */
  read(): Promise<void> {
    const done = this.last.then(async () => {
      this.ids = new Set(await this.customers.staff());
    });
    this.last = done.catch(() => undefined);
    return done;
  }

  async close(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.last;
  }
}
