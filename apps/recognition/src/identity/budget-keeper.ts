import { messageOf, type Telemetry } from '@regulars/contracts';
import type { IdentityRepository, IdentityTally } from '@regulars/persistence';
import type { FaceScoring, GalleryStatistics } from '@regulars/vision';
import type { Gallery } from '../gallery/gallery.js';
import { budgetState, passesAWeek, type BudgetState } from './budget.js';
import type { IdentityRule } from './identity.js';

/** How often what is tolerated, what passes and what the gallery says of itself is read anew. */
const REFRESH_MS = 30_000;

/** By which rule people are identified now. */
export interface RuleSource {
  rule(): IdentityRule;
  /** Counts a pass that was judged.
   *  @param isNear it came within the threshold of somebody else than who it was taken for */
  countPass(isNear: boolean): void;
}

export interface BudgetOptions {
  /** Tolerated until an operator says otherwise. */
  readonly wrongPerWeek: number;
  readonly telemetry: Telemetry;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** Keeps the threshold in step with the gallery, with what passes in a week and with what the operator tolerates. */
export class IdentityBudget implements RuleSource {
  private timer: NodeJS.Timeout | null = null;
  private last: Promise<void> = Promise.resolve();
  private wrongPerWeek: number;
  private passesPerWeek = passesAWeek([]);
  private own: { readonly revision: number; readonly value: GalleryStatistics['own'] } = {
    revision: -1,
    value: null,
  };
  private current: { readonly revision: number; readonly state: BudgetState } | null = null;
  private uncounted = { passes: 0, near: 0, expected: 0 };

  constructor(
    private readonly scoring: FaceScoring,
    private readonly gallery: Gallery,
    private readonly books: IdentityRepository,
    private readonly options: BudgetOptions,
  ) {
    this.wrongPerWeek = options.wrongPerWeek;
  }

  /** @throws TransientError STORE_UNAVAILABLE */
  async open(): Promise<void> {
    await this.refresh();
    this.timer = setInterval(() => {
      this.refresh().catch((error: unknown) => {
        const reason = messageOf(error);
        this.options.telemetry.log.warn(
          { reason },
          'identity budget could not be read; what was known stands',
        );
      });
    }, REFRESH_MS);
    this.timer.unref();
  }

  rule(): IdentityRule {
    return this.state.rule;
  }

  countPass(isNear: boolean): void {
    this.uncounted.passes += 1;
    this.uncounted.near += isNear ? 1 : 0;
    this.uncounted.expected += this.state.predictedFpir;
    const { meter } = this.options.telemetry;
    meter.count('regulars_identity_passes_total', { near: isNear ? 'yes' : 'no' });
  }

  /** Reads what is tolerated, writes down what was counted, measures the gallery when it has changed, and decides
   *  anew.
   *  @throws TransientError STORE_UNAVAILABLE; what was known stands, and what was counted is written later */
  refresh(): Promise<void> {
    const done = this.last.then(() => this.update());
    this.last = done.catch(() => undefined);
    return done;
  }

  async close(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.refresh().catch((error: unknown) => {
      const { passes } = this.uncounted;
      this.options.telemetry.log.warn({ reason: messageOf(error), passes }, 'counted passes are lost');
    });
  }

  private get state(): BudgetState {
    const { revision, customers, templates } = this.gallery;
    if (this.current?.revision === revision) return this.current.state;
    const { wrongPerWeek, passesPerWeek } = this;
    const inputs = { wrongPerWeek, passesPerWeek, people: customers, templates, own: this.own.value };
    const state = budgetState(this.scoring, inputs);
    this.current = { revision, state };
    return state;
  }

  private async update(): Promise<void> {
    const { books, gallery, options } = this;
    const now = options.clock();
    await this.writeDown(now);
    this.wrongPerWeek = (await books.wrongPerWeek()) ?? options.wrongPerWeek;
    this.passesPerWeek = passesAWeek(await books.lastWeek(now));
    const { revision } = gallery;
    if (this.own.revision !== revision) this.own = { revision, value: gallery.ownImpostors() };
    this.current = null;
    const { rule, limitedBy, predictedFpir } = this.state;
    await books.saveState({
      model: this.scoring.model,
      people: gallery.customers,
      templates: gallery.templates,
      passesPerWeek: this.passesPerWeek,
      threshold: rule.threshold,
      limitedBy,
      predictedFpir,
      decidedAt: new Date(now).toISOString(),
    });
    const { meter } = options.telemetry;
    meter.set('regulars_identity_threshold', rule.threshold, { model: this.scoring.model });
    meter.set('regulars_identity_wrong_week', this.passesPerWeek * predictedFpir, { kind: 'predicted' });
    meter.set('regulars_identity_wrong_week', this.wrongPerWeek, { kind: 'tolerated' });
    meter.set('regulars_identity_fpir', predictedFpir, { model: this.scoring.model });
  }

  private async writeDown(now: number): Promise<void> {
    const counted: Omit<IdentityTally, 'denied'> = this.uncounted;
    if (counted.passes === 0) return;
    this.uncounted = { passes: 0, near: 0, expected: 0 };
    try {
      await this.books.count(now, counted);
    } catch (error) {
      this.uncounted.passes += counted.passes;
      this.uncounted.near += counted.near;
      this.uncounted.expected += counted.expected;
      throw error;
    }
  }
}
