import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { CustomerUpdated } from '@regulars/contracts';
import { Analytics } from './analytics.js';
import { ValueErasure } from './value/value-erasure.js';

@Controller()
export class CustomersController {
  constructor(
    private readonly analytics: Analytics,
    private readonly value: ValueErasure,
  ) {}

  @EventPattern<string>(CustomerUpdated.key)
  async onUpdated(@Payload() event: CustomerUpdated): Promise<void> {
    await this.analytics.onCustomer(event);
    if (event.change === 'erased') await this.value.erase(event.customerId);
  }
}
