import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ExpressionScored, SightingEnded, SightingIdentified, SightingStarted } from '@regulars/contracts';
import { Analytics } from './analytics.js';
import { endOf, expressionOf, identificationOf, startOf } from './sightings.js';

@Controller()
export class SightingsController {
  constructor(private readonly analytics: Analytics) {}

  @EventPattern<string>(SightingStarted.key)
  onStarted(@Payload() event: SightingStarted): Promise<void> {
    return this.analytics.take(startOf(event), event.startedAt);
  }

  @EventPattern<string>(SightingIdentified.key)
  onIdentified(@Payload() event: SightingIdentified): Promise<void> {
    return this.analytics.take(identificationOf(event), event.identifiedAt);
  }

  @EventPattern<string>(SightingEnded.key)
  onEnded(@Payload() event: SightingEnded): Promise<void> {
    return this.analytics.take(endOf(event), event.endedAt);
  }

  @EventPattern<string>(ExpressionScored.key)
  onExpression(@Payload() event: ExpressionScored): Promise<void> {
    return this.analytics.take(expressionOf(event), event.capturedAt);
  }
}
