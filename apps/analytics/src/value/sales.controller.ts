import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { SaleJoinCorrected, SaleRecorded, SaleRefunded, SalesImported } from '@regulars/contracts';
import { CustomerWorth } from './customer-worth.js';

@Controller()
export class SalesController {
  constructor(private readonly worth: CustomerWorth) {}

  @EventPattern<string>(SaleRecorded.key)
  onSale(@Payload() event: SaleRecorded): Promise<void> {
    return this.worth.onSale(event);
  }

  @EventPattern<string>(SaleRefunded.key)
  onRefund(@Payload() event: SaleRefunded): Promise<void> {
    return this.worth.onRefund(event);
  }

  @EventPattern<string>(SaleJoinCorrected.key)
  onJoinCorrected(@Payload() event: SaleJoinCorrected): Promise<void> {
    return this.worth.onJoinCorrected(event);
  }

  @EventPattern<string>(SalesImported.key)
  onImport(@Payload() event: SalesImported): Promise<void> {
    return this.worth.onImport(event);
  }
}
