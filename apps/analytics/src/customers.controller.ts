import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { CustomerUpdated } from '@regulars/contracts';
import { Analytics } from './analytics.js';

@Controller()
export class CustomersController {
  constructor(private readonly analytics: Analytics) {}

  @EventPattern<string>(CustomerUpdated.key)
  onUpdated(@Payload() event: CustomerUpdated): Promise<void> {
    return this.analytics.onCustomer(event);
  }
}
