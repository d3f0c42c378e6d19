import type { LiveEvent, Telemetry } from '@regulars/contracts';
import { type Acquaintances, NAMELESS } from './acquaintances.js';
import type { HeardEvent } from './heard-event.js';
import { customersNamedBy, type LiveNews, toLiveEvent } from './live-event.js';
import type { EventRing } from './ring.js';

export type LiveListener = (event: LiveEvent) => void;

/** Turns broker events into numbered live events, in the order in which they were heard. */
export class LiveStream {
  private tail: Promise<void> = Promise.resolve();
  private listener: LiveListener = () => {};

  constructor(
    readonly ring: EventRing,
    private readonly acquaintances: Acquaintances,
    private readonly telemetry: Telemetry,
    private readonly now: () => number,
  ) {}

  /** The one that gets every live event from now on. */
  listen(listener: LiveListener): void {
    this.listener = listener;
  }

  /** Resolves once the event, and all before it, went out. */
  hear(event: HeardEvent): Promise<void> {
    const told = this.tail.then(() => this.tell(event));
    this.tail = told.catch((error: unknown) => {
      this.telemetry.log.error({ key: event.key, reason: String(error) }, 'live event not sent');
    });
    return told;
  }

  /** Tells what this gateway itself knows, such as how far an import is. */
  announce(news: LiveNews): void {
    this.listener(this.ring.add(news));
    this.telemetry.meter.count('regulars_live_events_total', { kind: news.payload.kind });
  }

  private async tell(event: HeardEvent): Promise<void> {
    this.takeNote(event);
    await this.acquaintances.learn(customersNamedBy(event, this.acquaintances));
    const news = toLiveEvent(event, this.acquaintances);
    this.listener(this.ring.add(news));
    this.measure(event, news);
  }

  private takeNote(event: HeardEvent): void {
    if (event.key === 'customer.updated') {
      const { customerId, change } = event.payload;
      this.acquaintances.forgetName(customerId);
      if (change === 'erased') this.ring.forgetName(customerId, NAMELESS);
    }
    if (event.key === 'sighting.identified' || event.key === 'sighting.ended') {
      this.acquaintances.rememberIdentity(event.payload.sightingId, event.payload.identity);
    }
  }

  private measure(event: HeardEvent, news: LiveNews): void {
    const { meter } = this.telemetry;
    const { kind } = news.payload;
    meter.count('regulars_live_events_total', { kind });
    if (event.key === 'sighting.started' || event.key === 'sighting.identified') {
      const delayMs = this.now() - Date.parse(news.at);
      meter.observe('regulars_live_delay_seconds', Math.max(0, delayMs) / 1000, { kind });
    }
  }
}
