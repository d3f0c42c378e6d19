import {
  BucketsRepository,
  CampaignsRepository,
  type DocumentStore,
  ForecastsRepository,
  LedgerRepository,
  LoyaltyRepository,
  SaleLinksRepository,
  ValueModels,
  ValuesRepository,
} from '@regulars/persistence';

/** What the gateway reads of customers' worth. Analytics writes all of it but the rules and the campaigns. */
export class ValueShelf {
  readonly buckets: BucketsRepository;
  readonly campaigns: CampaignsRepository;
  readonly forecasts: ForecastsRepository;
  readonly ledger: LedgerRepository;
  readonly links: SaleLinksRepository;
  readonly loyalty: LoyaltyRepository;
  readonly models: ValueModels;
  readonly values: ValuesRepository;

  constructor(store: DocumentStore) {
    this.buckets = new BucketsRepository(store);
    this.campaigns = new CampaignsRepository(store);
    this.forecasts = new ForecastsRepository(store);
    this.ledger = new LedgerRepository(store);
    this.links = new SaleLinksRepository(store);
    this.loyalty = new LoyaltyRepository(store);
    this.models = new ValueModels(store);
    this.values = new ValuesRepository(store);
  }
}
