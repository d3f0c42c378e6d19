import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { FacesTracked, FrameCaptured, QUEUES } from '@regulars/contracts';
import type { Delivery } from '@regulars/messaging';
import { LivePictures } from '../pictures/live-pictures.js';
import type { HeardEvent } from './heard-event.js';
import { LiveStream } from './live-stream.js';

/** What the gateway hears from the broker. */
@Controller()
export class LiveController {
  constructor(
    private readonly stream: LiveStream,
    private readonly pictures: LivePictures,
  ) {}

  /** A delivery's payload was parsed by the schema of its key. */
  @EventPattern<readonly string[]>(QUEUES['gateway.events'].keys)
  async onEvent(@Payload() payload: unknown, @Ctx() delivery: Delivery): Promise<void> {
    await this.stream.hear({ key: delivery.key, payload } as HeardEvent);
  }

  @EventPattern<string>(FrameCaptured.key)
  onFrame(@Payload() frame: FrameCaptured, @Ctx() delivery: Delivery): void {
    if (delivery.body) this.pictures.onFrame(frame, delivery.body);
  }

  @EventPattern<string>(FacesTracked.key)
  async onFaces(@Payload() faces: FacesTracked): Promise<void> {
    await this.pictures.onFaces(faces);
  }
}
