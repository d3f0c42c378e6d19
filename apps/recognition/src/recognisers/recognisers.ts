import {
  type ChangeRecogniserRequest,
  type Instant,
  isRegularsError,
  messageOf,
  type RecogniserAgreement,
  type RecognisersView,
  TransientError,
} from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import { type RecogniserPlan, RecognisersRepository } from '@regulars/persistence';
import { type Lasting, type Serving, startServing } from '../serving.js';
import { Beside } from './beside.js';
import {
  manifestRecogniser,
  openRecogniser,
  type OpenedRecogniser,
  problemOf,
  refusedCandidate,
} from './opened-recogniser.js';
import { planAfter, refuseLoss } from './recogniser-plan.js';
import { agreementOf, uncoveredBy, viewOf } from './recogniser-view.js';

/** How often is looked whether another process changed the plan. */
const CHECK_MS = 5_000;
/** Looks between two tries of what could not be done, and between two counts of people. */
const CHECKS_PER_TRY = 12;

/** Which recogniser serves in this process, and which stands beside it. The plan is in the store, so that all processes
 *  follow it and a restart finds it; what cannot be done (a file that is corrupt by now) leaves what serves serving. */
export class Recognisers {
  private readonly plans: RecognisersRepository;
  private serving: Serving | null = null;
  private besideNow: Beside | null = null;
  private besideProblem: string | null = null;
  private pending: RecognisersView['pending'] = null;
  private plan: RecogniserPlan = { serving: null, beside: null, revision: -1 };
  private last: Promise<void> = Promise.resolve();
  private isSwitching = false;
  private timer: NodeJS.Timeout | null = null;
  private checks = 0;

  constructor(private readonly lasting: Lasting) {
    this.plans = new RecognisersRepository(lasting.store);
  }

  /** Begins to serve as planned; where the planned recogniser does not open, the one before it serves.
   *  @throws RegularsError as openRecogniser does, when none opens */
  async open(): Promise<void> {
    const plan = await this.plans.plan();
    await this.follow(plan, await this.firstOpened(plan));
    this.timer = setInterval(() => void this.check(), CHECK_MS);
    this.timer.unref();
  }

  /** The recogniser by which photographs are embedded besides; null when there is none that works. */
  get beside(): Beside | null {
    return this.besideNow;
  }

  faults(): Readonly<Record<string, string>> {
    return this.serving?.faults() ?? { recogniser: this.pending?.problem ?? 'none serves' };
  }

  async view(): Promise<RecognisersView> {
    const { plan, pending, besideProblem } = this;
    const serving = await this.servingModel();
    return viewOf({ ...this.lasting, plans: this.plans }, { serving, plan, pending, besideProblem });
  }

  /** @throws RegularsError CANDIDATE_MISSING */
  async compare(): Promise<RecogniserAgreement> {
    if (this.serving === null) throw new TransientError('RECOGNITION_UNAVAILABLE');
    await this.besideNow?.settled();
    return agreementOf(this.lasting, this.serving.recogniser, this.besideNow?.opened ?? null);
  }

  /** Makes a change once it is sure that it can be made. What it leads to begins right after the answer.
   *  @throws RegularsError CANDIDATE_REFUSED, CANDIDATE_MISSING, CANDIDATE_INCOMPLETE; TransientError
   *  RECOGNITION_UNAVAILABLE while another change is being made, REVISION_CONFLICT */
  async change(change: ChangeRecogniserRequest['change'], at: Instant): Promise<RecognisersView> {
    if (this.isSwitching) throw new TransientError('RECOGNITION_UNAVAILABLE');
    this.isSwitching = true;
    try {
      const opened = await this.inTurn(() => this.decide(change, at));
      this.count(change.kind, 'done');
      this.lasting.telemetry.log.info(
        { change: change.kind, serving: this.plan.serving },
        'recogniser changed',
      );
      if (opened === null) this.isSwitching = false;
      else setImmediate(() => void this.switch(opened));
      return await this.view();
    } catch (error) {
      this.isSwitching = false;
      this.count(change.kind, isRegularsError(error) && error.status < 500 ? 'refused' : 'failed');
      throw error;
    }
  }

  async close(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.last;
    await this.serving?.stop();
    await this.besideNow?.close();
  }

  private async switch(opened: OpenedRecogniser): Promise<void> {
    await this.inTurn(() => this.follow(this.plan, opened)).catch((error: unknown) => this.complain(error));
    this.isSwitching = false;
  }

  private async decide(
    change: ChangeRecogniserRequest['change'],
    at: Instant,
  ): Promise<OpenedRecogniser | null> {
    const plan = await this.plans.plan();
    const from = await this.servingModel();
    const { next, about } = planAfter(plan, change, from, at);
    await this.besideNow?.settled();
    const uncovered = change.kind === 'end' ? [] : await uncoveredBy(this.lasting, from, about);
    if (change.kind === 'promote') refuseLoss(about, uncovered, change.without);
    const opened =
      change.kind === 'end'
        ? null
        : await this.tryOpen(about, change.kind === 'candidate' ? this.fewThreads : undefined);
    const { kind } = change;
    const changeId = idFrom('rch', kind, about, at);
    const written = { changeId, kind, at, from, to: about, uncovered: uncovered.length };
    await this.plans.decide(next, plan.revision, written).catch(async (error: unknown) => {
      await opened?.vision.close();
      throw error;
    });
    this.plan = { ...next, revision: plan.revision + 1 };
    if (kind === 'candidate' || kind === 'end') await this.setBeside(opened);
    else this.pending = { model: about, problem: 'is being put in place' };
    if (change.kind === 'end' && change.deleteTemplates && about !== from)
      await this.lasting.templates.removeOfModel(about);
    return kind === 'candidate' ? null : opened;
  }

  private async tryOpen(model: string, threads?: number): Promise<OpenedRecogniser> {
    try {
      return await openRecogniser(this.lasting, model, threads);
    } catch (error) {
      throw refusedCandidate(model, error);
    }
  }

  private async firstOpened(plan: RecogniserPlan): Promise<OpenedRecogniser> {
    if (plan.serving === null) return openRecogniser(this.lasting, null);
    try {
      return await openRecogniser(this.lasting, plan.serving);
    } catch (error) {
      this.cannot(plan.serving, error);
      const before = plan.beside?.role === 'former' ? plan.beside.model : null;
      return openRecogniser(this.lasting, before);
    }
  }

  /** Brings what serves and what stands beside in step with the plan.
   *  @param opened a recogniser that is open already: the one that is to serve, or, at the start, one in its place */
  private async follow(plan: RecogniserPlan, opened: OpenedRecogniser | null): Promise<void> {
    this.plan = plan;
    try {
      const wanted = plan.serving ?? (await manifestRecogniser(this.lasting.environment.modelsDir));
      if (this.serving?.recogniser.model !== wanted) {
        const next = opened ?? (await openRecogniser(this.lasting, wanted));
        await this.serving?.stop();
        this.serving = null;
        this.serving = await startServing(this.lasting, next, this);
        if (next.model === wanted) this.pending = null;
      } else await opened?.vision.close();
    } catch (error) {
      if (this.timer === null && this.serving === null) throw error;
      this.cannot(plan.serving ?? 'as the manifest says', error);
    }
    // From here on the handlers stay, so that another change may wait for its turn.
    this.isSwitching = false;
    await this.followBeside(plan);
    await this.showPeople().catch((error: unknown) => this.complain(error));
  }

  private async followBeside({ beside }: RecogniserPlan): Promise<void> {
    const isAsPlanned =
      this.besideNow?.opened.model === beside?.model && this.besideNow?.role === beside?.role;
    if (isAsPlanned) return;
    if (beside === null || beside.model === this.serving?.recogniser.model) return this.setBeside(null);
    try {
      await this.setBeside(await openRecogniser(this.lasting, beside.model, this.fewThreads));
    } catch (error) {
      await this.setBeside(null);
      this.besideProblem = problemOf(error);
      this.lasting.telemetry.log.warn(
        { model: beside.model, reason: this.besideProblem },
        'recogniser beside does not open',
      );
    }
  }

  private async setBeside(opened: OpenedRecogniser | null): Promise<void> {
    await this.besideNow?.close();
    this.besideProblem = null;
    const { templates, telemetry } = this.lasting;
    const role = this.plan.beside?.role ?? 'candidate';
    this.besideNow = opened && new Beside(opened, role, templates, telemetry);
  }

  /** One thread is enough for photographs that nobody waits for. */
  private get fewThreads(): number {
    return Math.min(1, this.lasting.environment.visionThreads ?? 1);
  }

  private async servingModel(): Promise<string> {
    return (
      this.serving?.recogniser.model ??
      this.plan.serving ??
      manifestRecogniser(this.lasting.environment.modelsDir)
    );
  }

  private async check(): Promise<void> {
    if (this.isSwitching) return;
    this.checks += 1;
    const isDue = this.checks % CHECKS_PER_TRY === 0;
    try {
      const plan = await this.plans.plan();
      const isBehind =
        this.serving === null || (isDue && (this.pending !== null || this.besideProblem !== null));
      if (plan.revision !== this.plan.revision || isBehind) await this.inTurn(() => this.follow(plan, null));
      else if (isDue) await this.showPeople();
    } catch (error) {
      this.complain(error);
    }
  }

  private cannot(model: string, error: unknown): void {
    const problem = problemOf(error);
    if (this.pending?.problem !== problem)
      this.lasting.telemetry.log.error({ model, reason: problem }, 'planned recogniser does not serve');
    this.pending = { model, problem };
  }

  private complain(error: unknown): void {
    this.lasting.telemetry.log.warn({ reason: messageOf(error) }, 'plan of recognisers could not be read');
  }

  private async showPeople(): Promise<void> {
    const { telemetry, templates } = this.lasting;
    const { beside } = this.plan;
    const model = await this.servingModel();
    const show = async (of: string, role: string) =>
      telemetry.meter.set('regulars_recogniser_people', (await templates.customersOf(of)).size, {
        model: of,
        role,
      });
    await show(model, 'serving');
    if (beside !== null) await show(beside.model, beside.role);
  }

  private count(change: string, result: 'done' | 'refused' | 'failed'): void {
    this.lasting.telemetry.meter.count('regulars_recogniser_changes_total', { change, result });
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work);
    this.last = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }
}
