interface Window {
  count: number;
  readonly endsAtMs: number;
}

/** Counts events by address in fixed windows, for a bounded number of addresses. */
export class RateLimit {
  private readonly windows = new Map<string, Window>();

  /** @param limit events that an address may cause in one window
   *  @param capacity addresses that are remembered; the longest known is forgotten first */
  constructor(
    private readonly limit: number,
    private readonly windowMs: number,
    private readonly capacity: number,
  ) {}

  count(address: string, nowMs: number): void {
    const window = this.windowOf(address, nowMs);
    if (window !== null) {
      window.count += 1;
      return;
    }
    this.windows.delete(address);
    this.windows.set(address, { count: 1, endsAtMs: nowMs + this.windowMs });
    const [oldest] = this.windows.keys();
    if (this.windows.size > this.capacity && oldest !== undefined) this.windows.delete(oldest);
  }

  /** @returns seconds, at least 1, until the address may try again; null when it may now */
  waitS(address: string, nowMs: number): number | null {
    const window = this.windowOf(address, nowMs);
    if (window === null || window.count < this.limit) return null;
    return Math.max(1, Math.ceil((window.endsAtMs - nowMs) / 1000));
  }

  private windowOf(address: string, nowMs: number): Window | null {
    const window = this.windows.get(address);
    return window !== undefined && window.endsAtMs > nowMs ? window : null;
  }
}
