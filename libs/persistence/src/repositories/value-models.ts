import { CohortsView, ForecastReportView, Instant, LoyaltyRules, SegmentName } from '@regulars/contracts';
import { z } from 'zod';
import type { DocumentStore } from '../document-store.js';
import { SettingsRepository } from './settings-repository.js';

/** A cut that no value reaches is stored as null. */
const Cuts = z.array(z.number().nullable()).length(4);

/** What customers are told apart by, taken from all of them at one time and kept until the next. */
export const Segmentation = z.strictObject({
  version: z.int().min(1),
  computedAt: Instant,
  customers: z.int().min(0),
  /** Cuts by currency; monetary values of different currencies are never compared. */
  cuts: z.record(z.string(), z.strictObject({ recency: Cuts, frequency: Cuts, monetary: Cuts })),
  /** Centroids of the classes by currency; they stay when the cuts move on. Checked by who made them. */
  classes: z.record(z.string(), z.unknown()),
  /** Net spend of each segment's customers so far, by currency, when it was made. Absent where it was made before
   *  this was counted. */
  spend: z
    .array(z.strictObject({ segment: SegmentName, currency: z.string(), spendMinor: z.int().min(0) }))
    .optional(),
  /** Seconds that making it took. */
  seconds: z.number().min(0),
});
export type Segmentation = Readonly<z.infer<typeof Segmentation>>;

const NAMES = {
  segmentation: 'value.segmentation',
  cohorts: 'value.cohorts',
  rules: 'value.loyalty-rules',
  report: 'value.forecast-report',
  model: 'value.forecast-model',
} as const;

/** What is kept once for the whole shop. */
export class ValueModels {
  private readonly settings: SettingsRepository;

  constructor(store: DocumentStore) {
    this.settings = new SettingsRepository(store);
  }

  segmentation(): Promise<Segmentation | null> {
    return this.settings.get(NAMES.segmentation, Segmentation);
  }

  setSegmentation(segmentation: Segmentation): Promise<void> {
    return this.settings.set(NAMES.segmentation, Segmentation.parse(segmentation));
  }

  cohorts(): Promise<CohortsView | null> {
    return this.settings.get(NAMES.cohorts, CohortsView);
  }

  setCohorts(cohorts: CohortsView): Promise<void> {
    return this.settings.set(NAMES.cohorts, cohorts);
  }

  async loyaltyRules(): Promise<LoyaltyRules> {
    return (await this.settings.get(NAMES.rules, LoyaltyRules)) ?? { rules: [] };
  }

  setLoyaltyRules(rules: LoyaltyRules): Promise<void> {
    return this.settings.set(NAMES.rules, rules);
  }

  forecastReport(): Promise<ForecastReportView | null> {
    return this.settings.get(NAMES.report, ForecastReportView);
  }

  setForecastReport(report: ForecastReportView): Promise<void> {
    return this.settings.set(NAMES.report, report);
  }

  /** The model that serves, as whoever trained it wrote it; null before the first training. */
  forecastModel<Schema extends z.ZodType>(schema: Schema): Promise<z.infer<Schema> | null> {
    return this.settings.get(NAMES.model, schema);
  }

  setForecastModel(model: unknown): Promise<void> {
    return this.settings.set(NAMES.model, model);
  }
}
