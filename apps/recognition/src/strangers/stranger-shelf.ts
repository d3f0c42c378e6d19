import { type Instant, PseudonymChanged, RegularsError } from '@regulars/contracts';
import type { Publisher } from '@regulars/messaging';
import type { PassWithEmbedding, PseudonymKind, PseudonymsRepository } from '@regulars/persistence';
import type { JoinedPass } from '@regulars/vision';
import { nextMidnight } from './midnight.js';

const DAY_MS = 86_400_000;

export interface StrangerRule {
  readonly recogniser: string;
  /** How long a pass is kept of a stranger who may return, days. */
  readonly keptDays: number;
  /** Of the shop: where a `day` pseudonym ends. */
  readonly timeZone: string;
  /** Milliseconds since 1970: from when on something is kept. */
  readonly clock: () => number;
}

/** Whose a pass is. */
export interface Belonging {
  readonly pseudonymId: string;
  readonly storeId: string;
  readonly kind: PseudonymKind;
}

/** Stores passes of strangers and tells the other workers. */
export class StrangerShelf {
  constructor(
    private readonly repository: PseudonymsRepository,
    private readonly publisher: Publisher,
    private readonly rule: StrangerRule,
  ) {}

  /** Writes a pass, and ends the pseudonym that it was taken from when that has no other. */
  async join(pass: JoinedPass, belonging: Belonging, takenFrom: string | null): Promise<void> {
    const { startedAtMs, endedAtMs, ...rest } = pass;
    const { kind, pseudonymId, storeId } = belonging;
    const [startedAt, endedAt] = [startedAtMs, endedAtMs].map((ms) => new Date(ms).toISOString()) as [
      string,
      string,
    ];
    const { recogniser: model } = this.rule;
    const stored = {
      ...rest,
      pseudonymId,
      storeId,
      startedAt,
      endedAt,
      model,
      expiresAt: this.keptUntil(kind),
    };
    await this.repository.join(stored, kind);
    if (takenFrom !== null) await this.endIfEmpty(takenFrom, storeId);
    await this.publisher.publish(PseudonymChanged, {
      pseudonymId,
      storeId,
      change: 'seen',
      changedAt: endedAt,
    });
  }

  async leave(sightingId: string, { pseudonymId, storeId }: Belonging): Promise<void> {
    await this.repository.leave(sightingId);
    if (!(await this.endIfEmpty(pseudonymId, storeId))) {
      const changedAt = this.now();
      await this.publisher.publish(PseudonymChanged, { pseudonymId, storeId, change: 'seen', changedAt });
    }
  }

  /** @returns what can be compared with this recogniser; null when the pseudonym has ended */
  async read(pseudonymId: string): Promise<{ belonging: Belonging; passes: JoinedPass[] } | null> {
    const known = await this.repository.get(pseudonymId);
    if (known === null) return null;
    try {
      const passes = await this.repository.opened(pseudonymId);
      return { belonging: known, passes: passes.filter((pass) => this.fits(pass)).map(joinedOf) };
    } catch (error) {
      if (error instanceof RegularsError && error.code === 'KEY_DESTROYED') return null;
      throw error;
    }
  }

  /** All that is stored. */
  async readAll(): Promise<{ belonging: Belonging; passes: JoinedPass[] }[]> {
    const found = new Map<string, { belonging: Belonging; passes: JoinedPass[] }>();
    for await (const { pass, kind } of this.repository.all()) {
      if (!this.fits(pass)) continue;
      const { pseudonymId, storeId } = pass;
      const known = found.get(pseudonymId) ?? { belonging: { pseudonymId, storeId, kind }, passes: [] };
      known.passes.push(joinedOf(pass));
      found.set(pseudonymId, known);
    }
    return [...found.values()];
  }

  /** Until when a pass that is stored now is kept. */
  private keptUntil(kind: PseudonymKind): Instant {
    const { clock, keptDays, timeZone } = this.rule;
    const endMs = kind === 'day' ? nextMidnight(clock(), timeZone) : clock() + keptDays * DAY_MS;
    return new Date(endMs).toISOString();
  }

  private now(): Instant {
    return new Date(this.rule.clock()).toISOString();
  }

  private fits({ model }: PassWithEmbedding): boolean {
    return model === this.rule.recogniser;
  }

  /** A pseudonym that lost its only pass never was anybody. */
  private async endIfEmpty(pseudonymId: string, storeId: string): Promise<boolean> {
    if ((await this.repository.countPasses(pseudonymId)) > 0) return false;
    const changedAt = this.now();
    await this.repository.remove([pseudonymId], changedAt);
    await this.publisher.publish(PseudonymChanged, { pseudonymId, storeId, change: 'removed', changedAt });
    return true;
  }
}

function joinedOf(pass: PassWithEmbedding): JoinedPass {
  const { sightingId, cameraId, startedAt, endedAt, embedding, distance, isTrusted, look } = pass;
  const [startedAtMs, endedAtMs] = [Date.parse(startedAt), Date.parse(endedAt)];
  return { sightingId, cameraId, startedAtMs, endedAtMs, embedding, distance, isTrusted, look };
}
