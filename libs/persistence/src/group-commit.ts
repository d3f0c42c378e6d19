import { setImmediate, setTimeout } from 'node:timers/promises';
import { TransientError } from '@regulars/contracts';

/** Items of one write. */
const MOST_AT_ONCE = 1_000;
/** Items that wait for the writes before theirs. */
const MOST_WAITING = 50_000;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** Gathers what many callers want to write while a write is under way into the next one, so that one wait for
 *  the disk serves them all. An item is settled by the write it was part of; a failed write fails its items. */
export class GroupCommit<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private isWriting = false;
  /** What came during a write is written at once after it. */
  private isUnderWay = false;

  /** @param write of at most 1,000 items; gives a result for each, in their order
   *  @param gatherMs for so long items are gathered where nobody waits for them; otherwise they are written in the
   *    next turn */
  constructor(
    private readonly write: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly gatherMs = 0,
  ) {}

  /** @returns the item's result, once its write is durable
   *  @throws TransientError STORE_UNAVAILABLE when too many wait already; what the write threw */
  add(item: Item): Promise<Result> {
    if (this.waiting.length >= MOST_WAITING)
      return Promise.reject(new TransientError('STORE_UNAVAILABLE', { waiting: this.waiting.length }));
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.isWriting) void this.run();
    });
  }

  /** Starts in the next turn, so that what comes in one turn is written together. */
  private async run(): Promise<void> {
    this.isWriting = true;
    while (this.waiting.length > 0) {
      if (this.gatherMs > 0) await setTimeout(this.gatherMs);
      else if (!this.isUnderWay) await setImmediate();
      this.isUnderWay = true;
      await this.writeGroup(this.waiting.splice(0, MOST_AT_ONCE));
    }
    this.isUnderWay = false;
    this.isWriting = false;
  }

  private async writeGroup(group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.write(group.map(({ item }) => item));
      group.forEach(({ resolve }, place) => resolve(results[place] as Result));
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}
