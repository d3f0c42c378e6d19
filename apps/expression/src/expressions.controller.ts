import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { FaceCaptured } from '@regulars/contracts';
import type { Delivery } from '@regulars/messaging';
import { Expressions } from './expressions.js';

@Controller()
export class ExpressionsController {
  constructor(private readonly expressions: Expressions) {}

  @EventPattern<string>(FaceCaptured.key)
  async onFaceCaptured(@Payload() face: FaceCaptured, @Ctx() delivery: Delivery): Promise<void> {
    await this.expressions.take(face, delivery.body ?? new Uint8Array());
  }
}
