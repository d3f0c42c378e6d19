import type { ForecastView, Instant } from '@regulars/contracts';
import type { ForecastsRepository } from '@regulars/persistence';
import type { Today } from './values.js';

/** What is expected of customers. */
export class ForecastBook {
  constructor(private readonly forecasts: ForecastsRepository) {}

  /** A run is wanted, because much was changed. */
  async want(_at: Instant): Promise<void> {}

  /** Gives up the run in hand, if there is one. */
  async cancel(): Promise<void> {}

  async stop(): Promise<void> {}

  /** The customer's forecast after a new sale. */
  refresh(customerId: string, _today: Today): Promise<ForecastView | null> {
    return this.forecasts.get(customerId);
  }
}
