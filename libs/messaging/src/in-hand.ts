/** Waits for a promise, at most so long.
 *  @returns false when the time was up first; a rejection counts as having ended */
export async function endsWithin(promise: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, timeoutMs), false);
  });
  try {
    return await Promise.race([
      promise.then(
        () => true,
        () => true,
      ),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/** Work that was begun and has not ended. */
export class InHand {
  private readonly works = new Set<Promise<unknown>>();

  get size(): number {
    return this.works.size;
  }

  track<T>(work: Promise<T>): Promise<T> {
    this.works.add(work);
    const end = () => void this.works.delete(work);
    work.then(end, end);
    return work;
  }

  /** Waits until nothing is in hand.
   *  @returns false when something still was after `timeoutMs` */
  async ended(timeoutMs: number): Promise<boolean> {
    const until = performance.now() + timeoutMs;
    while (this.works.size > 0) {
      const left = until - performance.now();
      if (left <= 0 || !(await endsWithin(Promise.allSettled(this.works), left)))
        return this.works.size === 0;
    }
    return true;
  }
}

/** Runs the jobs that `take` yields, at most `limit` at a time, each begun in a turn of the event loop of its
 *  own so that whoever wakes it goes on first. */
export class Worker {
  readonly inHand = new InHand();
  private open = true;
  private woken = false;

  constructor(
    private readonly limit: number,
    private readonly take: () => (() => Promise<void>) | undefined,
  ) {}

  wake(): void {
    if (this.woken || !this.open) return;
    this.woken = true;
    setImmediate(() => {
      this.woken = false;
      this.begin();
    });
  }

  private begin(): void {
    while (this.open && this.inHand.size < this.limit) {
      const job = this.take();
      if (job === undefined) return;
      const wake = () => this.wake();
      this.inHand.track(job()).then(wake, wake);
    }
  }

  /** Begins nothing more and waits for what is in hand. */
  async close(timeoutMs: number): Promise<void> {
    this.open = false;
    await this.inHand.ended(timeoutMs);
  }
}
