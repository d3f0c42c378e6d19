import type {
  BucketsRepository,
  CampaignsRepository,
  ForecastsRepository,
  LedgerRepository,
  LoyaltyRepository,
  SaleLinksRepository,
  SalesRepository,
  ValuesRepository,
} from '@regulars/persistence';
import { persist } from '../persist.js';
import { anonymous, done } from './ledger.js';

export interface ErasableShelves {
  readonly ledger: LedgerRepository;
  readonly buckets: BucketsRepository;
  readonly values: ValuesRepository;
  readonly links: SaleLinksRepository;
  readonly sales: Pick<SalesRepository, 'forgetCustomer'>;
  readonly loyalty: LoyaltyRepository;
  readonly forecasts: ForecastsRepository;
  readonly campaigns: CampaignsRepository;
}

/** Takes a customer out of all that is known of sales. */
export class ValueErasure {
  constructor(private readonly shelves: ErasableShelves) {}

  /** The sales stay, as nobody's; what was computed of the customer goes. May be repeated, and goes on where a
   *  process died. */
  async erase(customerId: string): Promise<void> {
    const { ledger, buckets, values, links, loyalty, forecasts, campaigns, sales } = this.shelves;
    await sales.forgetCustomer(customerId);
    await links.forgetCustomer(customerId);
    for await (const { entry } of ledger.ofOwner(customerId)) await this.anonymise(entry.entryId, customerId);
    await buckets.removeOfCustomer(customerId);
    await values.remove(customerId);
    await loyalty.removeOfCustomer(customerId);
    await forecasts.remove(customerId);
    await campaigns.removeOfCustomer(customerId);
  }

  private anonymise(entryId: string, customerId: string): Promise<void> {
    return persist(entryId, async () => {
      const { ledger } = this.shelves;
      const stored = await ledger.get(entryId);
      if (stored?.entry.ownerId !== customerId) return;
      await ledger.save(done(anonymous(stored.entry)), stored.revision);
    });
  }
}
