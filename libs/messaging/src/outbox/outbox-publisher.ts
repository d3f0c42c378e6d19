import {
  type EventDefinition,
  messageOf,
  type PayloadOf,
  type ServiceName,
  type Telemetry,
  TransientError,
} from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import type { Broker, Outbox, Publisher } from '../broker.js';
import { countDrop } from '../drops.js';
import { messageOfEvent } from '../envelope.js';
import { OutboxRelay } from './outbox-relay.js';

/** Events the outbox keeps; at one sighting a second that is more than a day. */
const MOST_KEPT = 100_000;

/** Publishes through the outbox: an event is kept there first and the caller goes on as soon as it is. The relay
 *  gives it to the broker and has the outbox forget it once the broker took it. What the broker does not take
 *  stays and is sent later, oldest first, new events behind it. What an earlier process or a dead replica left
 *  is sent too; so a consumer may meet an event twice, always under the same eventId.
 *
 *  While the outbox is away events go straight to the broker; while both are, up to 1,000 are held in memory
 *  (lost when the process dies), after which `publish` throws. Sending starts with the publisher and ends with
 *  `close`. */
export class OutboxPublisher implements Publisher {
  private readonly relay: OutboxRelay;

  constructor(
    private readonly broker: Broker,
    private readonly outbox: Outbox,
    private readonly service: ServiceName,
    private readonly telemetry: Telemetry,
  ) {
    this.relay = new OutboxRelay(broker, outbox, telemetry);
  }

  /** @throws RegularsError MESSAGE_INVALID (fields named) when the payload is not what the event says
   *  @throws TransientError OUTBOX_FULL; the outbox's own error when neither it nor the memory takes the event */
  async publish<E extends EventDefinition>(
    event: E,
    payload: PayloadOf<E>,
    { eventId = newId('evt') }: { eventId?: string } = {},
  ): Promise<void> {
    const message = messageOfEvent(event, payload, { eventId, producer: this.service });
    if (this.relay.kept >= MOST_KEPT) throw new TransientError('OUTBOX_FULL', { kept: this.relay.kept });
    try {
      await this.outbox.keep(message);
    } catch (error) {
      if (!(error instanceof TransientError) || !(await this.relay.sendUnkept(message))) throw error;
      this.telemetry.log.warn({ event: event.key, reason: messageOf(error) }, 'event not kept in the outbox');
      return;
    }
    this.relay.sendKept(message);
  }

  publishNewest<E extends EventDefinition>(event: E, payload: PayloadOf<E>, body?: Uint8Array): boolean {
    const rest = { eventId: newId('evt'), producer: this.service };
    const message = messageOfEvent(event, payload, body === undefined ? rest : { ...rest, body });
    const sent = this.broker.publishNewest(message);
    if (sent) {
      this.telemetry.meter.count('regulars_messages_published_total', { event: event.key, result: 'sent' });
    } else countDrop(this.telemetry, message.key, message.payload);
    return sent;
  }

  /** Waits until the broker has what was published, at most `timeoutMs`; the rest stays in the outbox and is
   *  sent at the next start. */
  async close(timeoutMs: number): Promise<void> {
    await this.relay.close(timeoutMs);
  }
}
