import { AsyncLocalStorage } from 'node:async_hooks';
import type { QueueName } from '@regulars/contracts';

/** Knows inside which queues' handlers the running code is, through the messages those handlers sent and wait
 *  for. A handler that waits for a message to its own queue would otherwise wait for itself. */
export class Within {
  private readonly storage = new AsyncLocalStorage<readonly QueueName[]>();

  queues(): readonly QueueName[] {
    return this.storage.getStore() ?? [];
  }

  run<T>(queues: readonly QueueName[], work: () => T): T {
    // The first entry makes every promise of the process dearer (Node before 24), and most work is inside of none.
    if (queues.length === 0 && this.queues().length === 0) return work();
    return this.storage.run(queues, work);
  }
}
