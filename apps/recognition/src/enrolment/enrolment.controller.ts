import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import {
  EnrolPhotographs,
  type EnrolPhotographsReply,
  type EnrolPhotographsRequest,
  type Meter,
  RegularsError,
} from '@regulars/contracts';
import type { Delivery } from '@regulars/messaging';
import { Enrolment } from './enrolment.js';

export const METER = Symbol('METER');

@Controller()
export class EnrolmentController {
  constructor(
    private readonly enrolment: Enrolment,
    @Inject(METER) private readonly meter: Meter,
  ) {}

  @MessagePattern<string>(EnrolPhotographs.key)
  async onEnrol(
    @Payload() request: EnrolPhotographsRequest,
    @Ctx() delivery: Delivery,
  ): Promise<EnrolPhotographsReply> {
    if (delivery.body === undefined) throw new RegularsError('MESSAGE_INVALID', { missing: 'body' });
    const reply = await this.enrolment.enrol(request, delivery.body, new Date().toISOString());
    if (request.trialId !== undefined) return reply;
    for (const photograph of reply.photographs) {
      const result = photograph.kind === 'accepted' ? 'accepted' : photograph.code;
      this.meter.count('regulars_enrolments_total', { result });
    }
    return reply;
  }
}
