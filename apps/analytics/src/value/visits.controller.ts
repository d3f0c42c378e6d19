import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { LoyaltyRulesChanged, VisitEnded, VisitMerged, VisitStarted } from '@regulars/contracts';
import { CustomerWorth } from './customer-worth.js';

/** Visits are the evidence that sales are joined by and that loyalty is counted from. */
@Controller()
export class VisitsController {
  constructor(private readonly worth: CustomerWorth) {}

  @EventPattern<string>(VisitStarted.key)
  onStarted(@Payload() { visitId }: VisitStarted): Promise<void> {
    return this.worth.onVisit(visitId);
  }

  @EventPattern<string>(VisitEnded.key)
  onEnded(@Payload() { visitId }: VisitEnded): Promise<void> {
    return this.worth.onVisit(visitId);
  }

  @EventPattern<string>(VisitMerged.key)
  async onMerged(@Payload() { visitId, absorbedVisitId }: VisitMerged): Promise<void> {
    await this.worth.onVisit(absorbedVisitId);
    await this.worth.onVisit(visitId);
  }

  @EventPattern<string>(LoyaltyRulesChanged.key)
  onRules(): Promise<void> {
    return this.worth.onRules();
  }
}
