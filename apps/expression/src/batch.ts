interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** Hands items to a function that takes several at once: what came while one batch was running is the next
 *  one. The broker's prefetch bounds what waits. */
export class Batch<Item, Result> {
  private readonly waiting: Waiting<Item, Result>[] = [];
  private running: Promise<void> | null = null;

  /** @param run one result per item, in order */
  constructor(
    private readonly size: number,
    private readonly run: (items: readonly Item[]) => Promise<readonly Result[]>,
  ) {}

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.running ??= this.drain();
    });
  }

  private async drain(): Promise<void> {
    // Deliveries that are handed out in the same turn still join the first batch.
    await new Promise(setImmediate);
    while (this.waiting.length > 0) await this.runOne(this.waiting.splice(0, this.size));
    this.running = null;
  }

  private async runOne(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.run(batch.map(({ item }) => item));
      if (results.length !== batch.length) {
        throw new RangeError(`${results.length} results for ${batch.length} items`);
      }
      results.forEach((result, i) => batch[i]?.resolve(result));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
