import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { PseudonymChanged, SightingsReassigned } from '@regulars/contracts';
import { Analytics } from './analytics.js';

@Controller()
export class PseudonymsController {
  constructor(private readonly analytics: Analytics) {}

  @EventPattern<string>(SightingsReassigned.key)
  onReassigned(@Payload() event: SightingsReassigned): Promise<void> {
    return this.analytics.reassign(event);
  }

  @EventPattern<string>(PseudonymChanged.key)
  onPseudonym(@Payload() event: PseudonymChanged): Promise<void> {
    return this.analytics.onPseudonym(event);
  }
}
