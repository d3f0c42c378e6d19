import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { FrameCaptured, RegularsError } from '@regulars/contracts';
import type { Delivery } from '@regulars/messaging';
import { Sessions } from './sessions.js';

@Controller()
export class FramesController {
  constructor(private readonly sessions: Sessions) {}

  @EventPattern<string>(FrameCaptured.key)
  async onFrame(@Payload() frame: FrameCaptured, @Ctx() delivery: Delivery): Promise<void> {
    if (delivery.body === undefined) throw new RegularsError('MESSAGE_INVALID', { missing: 'body' });
    await this.sessions.onFrame(frame, delivery.body);
  }
}
