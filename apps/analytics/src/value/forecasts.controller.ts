import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ForecastRequested } from '@regulars/contracts';
import { ForecastBook } from './forecast-book.js';

@Controller()
export class ForecastsController {
  constructor(private readonly forecasts: ForecastBook) {}

  @EventPattern<string>(ForecastRequested.key)
  onRequested(@Payload() { action, requestedAt }: ForecastRequested): Promise<void> {
    return action === 'run' ? this.forecasts.want(requestedAt) : this.forecasts.cancel();
  }
}
