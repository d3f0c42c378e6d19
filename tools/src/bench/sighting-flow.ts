import { setTimeout as sleep } from 'node:timers/promises';
import { SightingEnded, SightingIdentified, SILENT, SightingStarted } from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import { AmqpBroker, MemoryOutbox, OutboxPublisher } from '@regulars/messaging';

export interface Person {
  readonly customerId: string;
  readonly startedAt: string;
  readonly endedAt: string;
}

/** Milliseconds between two people of the flow: a busy shop on a small machine. */
const EVERY_MS = 500;
const CAMERAS = ['flow-1', 'flow-2'] as const;
const MODEL = 'flow';

/** Plays a recognition service that sees a new customer twice a second on two cameras, through the same
 *  publisher, outbox and broker client as the real one, so that losses and doubles can be counted: each person
 *  must get exactly one visit. */
export class SightingFlow {
  readonly people: Person[] = [];
  private readonly broker: AmqpBroker;
  private readonly publisher: OutboxPublisher;
  private running: Promise<void> | null = null;
  private stopped = false;

  constructor(url: string, namespace: string) {
    this.broker = new AmqpBroker({ url, namespace, service: 'recognition' }, SILENT);
    this.publisher = new OutboxPublisher(this.broker, new MemoryOutbox(), 'recognition', SILENT);
  }

  start(): void {
    this.running = this.run();
  }

  /** Sends nobody further and waits until the broker has everything. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
    await this.publisher.close(60_000);
    await this.broker.close(10_000);
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      await this.send();
      await sleep(EVERY_MS);
    }
  }

  private async send(): Promise<void> {
    const startMs = Date.now();
    const at = (offsetMs: number) => new Date(startMs + offsetMs).toISOString();
    const customerId = newId('cus');
    const identity = {
      kind: 'identified',
      customerId,
      distance: 0.3,
      margin: null,
      votes: 3,
      model: MODEL,
    } as const;
    for (const [index, cameraId] of CAMERAS.entries()) {
      const sighting = { sightingId: newId('sgt'), cameraId, storeId: 'main', startedAt: at(index) } as const;
      await this.publisher.publish(SightingStarted, sighting);
      await this.publisher.publish(SightingIdentified, {
        ...sighting,
        identifiedAt: at(index + 5),
        identity,
      });
      await this.publisher.publish(SightingEnded, {
        ...sighting,
        endedAt: at(index + 10),
        identity,
        framesSeen: 3,
      });
    }
    this.people.push({ customerId, startedAt: at(0), endedAt: at(CAMERAS.length - 1 + 10) });
  }
}
