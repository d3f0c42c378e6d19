import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ExpressionScored, SightingEnded, SightingIdentified, SightingStarted } from '@regulars/contracts';
import { TillWatch } from './alerts/till-watch.js';
import { Analytics } from './analytics.js';
import { endOf, expressionOf, identificationOf, startOf } from './sightings.js';

@Controller()
export class SightingsController {
  constructor(
    private readonly analytics: Analytics,
    private readonly tillWatch: TillWatch,
  ) {}

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
  async onExpression(@Payload() event: ExpressionScored): Promise<void> {
    await this.analytics.take(expressionOf(event), event.capturedAt);
    await this.tillWatch.take(event);
  }
}
