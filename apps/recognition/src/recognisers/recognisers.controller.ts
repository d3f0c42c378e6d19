import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  ChangeRecogniser,
  type ChangeRecogniserRequest,
  CompareRecognisers,
  type Instant,
  ListRecognisers,
  type RecogniserAgreement,
  type RecognisersView,
} from '@regulars/contracts';

export const RECOGNISERS = Symbol('Recognisers');

/** What is asked of whoever decides which recogniser serves. */
export interface RecogniserDesk {
  view(): Promise<RecognisersView>;
  compare(): Promise<RecogniserAgreement>;
  change(change: ChangeRecogniserRequest['change'], at: Instant): Promise<RecognisersView>;
}

@Controller()
export class RecognisersController {
  constructor(@Inject(RECOGNISERS) private readonly recognisers: RecogniserDesk) {}

  @MessagePattern<string>(ListRecognisers.key)
  onList(): Promise<RecognisersView> {
    return this.recognisers.view();
  }

  @MessagePattern<string>(CompareRecognisers.key)
  onCompare(): Promise<RecogniserAgreement> {
    return this.recognisers.compare();
  }

  @MessagePattern<string>(ChangeRecogniser.key)
  onChange(@Payload() { change }: ChangeRecogniserRequest): Promise<RecognisersView> {
    return this.recognisers.change(change, new Date().toISOString());
  }
}
