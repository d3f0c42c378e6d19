import {
  FaceCaptured,
  FacesTracked,
  messageOf,
  SightingEnded,
  SightingIdentified,
  SightingStarted,
  type Telemetry,
} from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import type { Publisher } from '@regulars/messaging';
import type { SessionOutput } from './session-output.js';

/** Events held here while neither broker nor outbox takes them; the oldest are given up beyond. */
const MOST_HELD = 10_000;

interface Held {
  readonly eventId: string;
  readonly publish: (eventId: string) => Promise<void>;
}

/** Publishes what sessions find, in order. An event's id follows from its sighting, so that the same frames seen
 *  again publish the same events again. What cannot be published is held and tried with the next event. */
export class EventSender implements SessionOutput {
  private held: Held[] = [];
  private sending: Promise<void> = Promise.resolve();

  constructor(
    private readonly publisher: Publisher,
    private readonly telemetry: Telemetry,
  ) {}

  started(event: SightingStarted): Promise<void> {
    const eventId = idFrom('evt', event.sightingId, SightingStarted.key);
    return this.send({
      eventId,
      publish: (id) => this.publisher.publish(SightingStarted, event, { eventId: id }),
    });
  }

  identified(event: SightingIdentified): Promise<void> {
    const eventId = idFrom('evt', event.sightingId, SightingIdentified.key, event.identity.kind);
    return this.send({
      eventId,
      publish: (id) => this.publisher.publish(SightingIdentified, event, { eventId: id }),
    });
  }

  ended(event: SightingEnded): Promise<void> {
    const eventId = idFrom('evt', event.sightingId, SightingEnded.key);
    this.telemetry.meter.count('regulars_sightings_total', {
      camera: event.cameraId,
      identity: event.identity.kind,
    });
    return this.send({
      eventId,
      publish: (id) => this.publisher.publish(SightingEnded, event, { eventId: id }),
    });
  }

  parted(camera: string): void {
    this.telemetry.meter.count('regulars_tracks_cut_total', { camera });
  }

  tracked(event: FacesTracked): void {
    this.publisher.publishNewest(FacesTracked, event);
  }

  captured(event: FaceCaptured, jpeg: Uint8Array): void {
    this.publisher.publishNewest(FaceCaptured, event, jpeg);
  }

  /** Tries once more what is held. */
  flush(): Promise<void> {
    this.sending = this.sending.then(() => this.sendHeld());
    return this.sending;
  }

  private send(event: Held): Promise<void> {
    this.held.push(event);
    return this.flush();
  }

  private async sendHeld(): Promise<void> {
    while (this.held.length > 0) {
      const next = this.held[0] as Held;
      try {
        await next.publish(next.eventId);
      } catch (error) {
        this.telemetry.log.error(
          { reason: messageOf(error), held: this.held.length },
          'events wait to be published',
        );
        const excess = this.held.length - MOST_HELD;
        if (excess > 0) this.held = this.held.slice(excess);
        return;
      }
      this.held.shift();
    }
  }
}
