/** Runs work on one key one after the other and work on different keys side by side. Saves replicas' workers
 *  from running into each other's revisions; it is not what keeps the data right. */
export class Serial {
  private readonly last = new Map<string, Promise<unknown>>();

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(key);
    const mine = (async () => {
      await Promise.allSettled([before]);
      return work();
    })();
    this.last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.last.get(key) === mine) this.last.delete(key);
    }
  }
}
