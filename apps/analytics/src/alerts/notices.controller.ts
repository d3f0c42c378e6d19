import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { AlertRaised, type Telemetry } from '@regulars/contracts';
import type { Delivery } from '@regulars/messaging';
import { sendNotice, type NoticeTarget } from './notice.js';

export const NOTICE_TARGET = Symbol('NOTICE_TARGET');
export const NOTICE_TELEMETRY = Symbol('NOTICE_TELEMETRY');

/** Sends alerts out of the house. A queue of its own tries them again and dead-letters them, so that a receiver
 *  that is away holds up nothing else. */
@Controller()
export class NoticesController {
  constructor(
    @Inject(NOTICE_TARGET) private readonly target: NoticeTarget | null,
    @Inject(NOTICE_TELEMETRY) private readonly telemetry: Telemetry,
  ) {}

  /** Neither the sighting nor the camera's picture goes out: who it is is for the shop's own page. */
  @EventPattern<string>(AlertRaised.key)
  async onAlert(@Payload() alert: AlertRaised, @Ctx() { eventId }: Delivery): Promise<void> {
    if (this.target === null) return;
    const { alertId, kind, storeId, tillId, cameraId, since, raisedAt } = alert;
    const data = { alertId, kind, storeId, tillId, cameraId, since };
    const body = JSON.stringify({ type: AlertRaised.key, timestamp: raisedAt, data });
    await sendNotice({ id: eventId, body }, this.target, this.telemetry, Date.now());
  }
}
