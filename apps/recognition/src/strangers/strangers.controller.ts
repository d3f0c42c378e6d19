import { Controller } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import {
  ChangePseudonym,
  type ChangePseudonymRequest,
  CompareStranger,
  type CompareStrangerRequest,
  PseudonymChanged,
  pseudonymLabel,
  type StrangerChanged,
  type StrangerDetails,
} from '@regulars/contracts';
import { StrangerDesk } from './stranger-desk.js';
import { Strangers } from './strangers.js';

/** Lookalikes that an operator is shown. */
const MOST_ALIKE = 5;

@Controller()
export class StrangersController {
  constructor(
    private readonly strangers: Strangers,
    private readonly desk: StrangerDesk,
  ) {}

  @EventPattern<string>(PseudonymChanged.key)
  async onChanged(@Payload() { pseudonymId, change }: PseudonymChanged): Promise<void> {
    if (change === 'removed') this.strangers.end(pseudonymId);
    else await this.strangers.read(pseudonymId);
  }

  @MessagePattern<string>(ChangePseudonym.key)
  onChange(@Payload() request: ChangePseudonymRequest): Promise<StrangerChanged> {
    return this.desk.change(request, new Date().toISOString());
  }

  @MessagePattern<string>(CompareStranger.key)
  onCompare(@Payload() { pseudonymId }: CompareStrangerRequest): { alike: StrangerDetails['alike'] } {
    const found = this.strangers.poolWith(pseudonymId)?.alike(pseudonymId, MOST_ALIKE) ?? [];
    return { alike: found.map((one) => ({ ...one, label: pseudonymLabel(one.pseudonymId) })) };
  }
}
