import { messageOf, PseudonymChanged, type Telemetry } from '@regulars/contracts';
import type { Publisher } from '@regulars/messaging';
import type { Keyring, PseudonymChangesRepository, PseudonymsRepository } from '@regulars/persistence';
import type { Strangers } from './strangers.js';

const SWEEP_MS = 60_000;
const SWEEPS_PER_HOUR = 60;
const DAY_MS = 86_400_000;
/** No message about an ended pseudonym comes later. */
const LATEST_MESSAGE_MS = 2 * DAY_MS;

export interface Retained {
  readonly repository: PseudonymsRepository;
  readonly changes: PseudonymChangesRepository;
  readonly keyring: Keyring;
  readonly publisher: Publisher;
}

export interface RetentionRule {
  readonly keptDays: number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** Ends pseudonyms whose time is over, and reads everything anew now and then for what was not heard. */
export class StrangerRetention {
  private timer: NodeJS.Timeout | null = null;
  private sweeps = 0;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly strangers: Strangers,
    private readonly kept: Retained,
    private readonly rule: RetentionRule,
    private readonly telemetry: Telemetry,
  ) {}

  start(): void {
    this.timer = setInterval(() => void (this.running = this.running.then(() => this.sweep())), SWEEP_MS);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.running;
    await this.strangers.settled();
  }

  /** Once; a failure is told and tried again with the next. */
  async sweep(): Promise<void> {
    try {
      await this.expire();
      if (this.sweeps % SWEEPS_PER_HOUR === 0) await this.tidy();
      this.sweeps += 1;
    } catch (error) {
      this.telemetry.log.warn({ reason: messageOf(error) }, 'pseudonyms could not be looked through');
    }
  }

  private async expire(): Promise<void> {
    await this.strangers.settled();
    const { repository, publisher } = this.kept;
    const changedAt = new Date(this.rule.clock()).toISOString();
    const { ended, thinned } = await repository.expire(changedAt);
    for (const { pseudonymId, storeId } of ended) {
      this.strangers.end(pseudonymId);
      await publisher.publish(PseudonymChanged, { pseudonymId, storeId, change: 'removed', changedAt });
    }
    for (const { pseudonymId, storeId } of thinned) {
      await this.strangers.read(pseudonymId);
      await publisher.publish(PseudonymChanged, { pseudonymId, storeId, change: 'seen', changedAt });
    }
  }

  private async tidy(): Promise<void> {
    const nowMs = this.rule.clock();
    const before = (ms: number) => new Date(nowMs - ms).toISOString();
    await this.kept.changes.deleteBefore(before(this.rule.keptDays * DAY_MS));
    await this.kept.keyring.forgetDestroyed('pse_', before(LATEST_MESSAGE_MS));
    if (this.sweeps > 0) await this.strangers.readAll();
  }
}
