interface Count {
  windowStartMs: number;
  /** Requests of this window and of the one before. */
  now: number;
  before: number;
  blockedUntilMs: number;
}

/** Times in seconds, rounded up. */
interface Verdict {
  readonly totalHits: number;
  readonly timeToExpire: number;
  readonly isBlocked: boolean;
  readonly timeToBlockExpire: number;
}

const secondsOf = (ms: number) => Math.max(0, Math.ceil(ms / 1_000));

/** Counts requests in windows of time: those of this window, and of the one before as much as the last `ttl`
 *  milliseconds reach into it. A request costs the same whether it is the first or the thousandth of its minute.
 *  @param capacity addresses that are remembered; the longest known is forgotten first */
export class ThrottleWindows {
  private readonly counts = new Map<string, Count>();

  constructor(
    private readonly capacity: number,
    private readonly clock: () => number = Date.now,
  ) {}

  increment(key: string, ttlMs: number, limit: number, blockMs: number): Verdict {
    const nowMs = this.clock();
    const count = this.countOf(key, nowMs, ttlMs);
    const intoMs = nowMs - count.windowStartMs;
    const wasBlocked = count.blockedUntilMs > nowMs;
    if (!wasBlocked) count.now += 1;
    const totalHits = Math.ceil(count.now + count.before * (1 - intoMs / ttlMs));
    if (!wasBlocked && totalHits > limit) count.blockedUntilMs = nowMs + blockMs;
    const isBlocked = count.blockedUntilMs > nowMs;
    return {
      totalHits,
      timeToExpire: secondsOf(ttlMs - intoMs),
      isBlocked,
      timeToBlockExpire: isBlocked ? secondsOf(count.blockedUntilMs - nowMs) : 0,
    };
  }

  private countOf(key: string, nowMs: number, ttlMs: number): Count {
    const known = this.counts.get(key);
    if (known === undefined) {
      const fresh = { windowStartMs: nowMs, now: 0, before: 0, blockedUntilMs: 0 };
      this.counts.set(key, fresh);
      const [oldest] = this.counts.keys();
      if (this.counts.size > this.capacity && oldest !== undefined) this.counts.delete(oldest);
      return fresh;
    }
    const windows = Math.floor((nowMs - known.windowStartMs) / ttlMs);
    if (windows > 0) {
      known.before = windows === 1 ? known.now : 0;
      known.now = 0;
      known.windowStartMs += windows * ttlMs;
    }
    return known;
  }
}
