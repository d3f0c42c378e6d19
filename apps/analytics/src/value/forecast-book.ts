import {
  ForecastUpdated,
  isRegularsError,
  messageOf,
  type ForecastReportView,
  type ForecastView,
  type Instant,
  type Telemetry,
} from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import type { Periods } from '@regulars/customer-value';
import type { Publisher } from '@regulars/messaging';
import type {
  BucketsRepository,
  ForecastsRepository,
  ValueModels,
  ValuesRepository,
  VisitsRepository,
} from '@regulars/persistence';
import { runForecasts, type Found } from './forecast-run.js';
import { forecastOf, ServingModel, STARTING_MODEL } from './forecasts.js';
import { todayAt } from './shelves.js';
import { TrainedPart, withTrained } from './trained-part.js';
import { centroidsOf, type Today } from './values.js';

export interface ForecastShelves {
  readonly forecasts: ForecastsRepository;
  readonly models: ValueModels;
  readonly values: ValuesRepository;
  readonly buckets: BucketsRepository;
  readonly visits: VisitsRepository;
}

/** When forecasts are made of themselves: from this hour of the shop's night on. */
const NIGHT_HOUR_MS = 3 * 3_600_000;
/** The stored progress is written at most this often. */
const PROGRESS_MS = 1_000;
/** A run that was begun this long ago and never ended belonged to a process that died. */
const LOST_MS = 6 * 3_600_000;

export interface Surroundings {
  readonly publisher: Publisher;
  readonly telemetry: Telemetry;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** What is expected of customers: every night, on demand, and of one customer after each sale. */
export class ForecastBook {
  private running: { readonly ended: Promise<void>; readonly cancel: AbortController } | null = null;

  constructor(
    private readonly shelves: ForecastShelves,
    private readonly months: Periods,
    private readonly around: Surroundings,
  ) {}

  /** Makes all forecasts; whoever asks while a run is in hand gets that one. One that was asked for before the
   *  last run began has been made.
   *  @returns once it ended, in whatever way: the report says how */
  async want(requestedAt: Instant): Promise<void> {
    const report = await this.shelves.models.forecastReport();
    const isMade = report?.state === 'done' && report.startedAt !== null && report.startedAt > requestedAt;
    if (!isMade) await this.run();
  }

  /** Runs when the night has come since the last run.
   *  @param before what is done first, so that the forecasts are made of it */
  async sweep(before: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    const nowMs = this.around.clock();
    const tonight = this.months.dayOf(nowMs - NIGHT_HOUR_MS);
    const report = await this.shelves.models.forecastReport();
    const lastMs = report?.startedAt ? Date.parse(report.startedAt) : null;
    if (lastMs !== null && this.months.dayOf(lastMs - NIGHT_HOUR_MS) >= tonight) return;
    if (report?.state === 'running' && lastMs !== null && nowMs - lastMs < LOST_MS) return;
    if (report === null && !(await this.shelves.values.hasAny())) return;
    await before();
    await this.run();
  }

  /** Gives up the run in hand, if there is one in this process. */
  async cancel(): Promise<void> {
    this.running?.cancel.abort();
    await this.running?.ended;
  }

  stop(): Promise<void> {
    return this.cancel();
  }

  /** The customer's forecast after a new sale, by the model that serves. */
  async refresh(customerId: string, today: Today): Promise<ForecastView | null> {
    const { forecasts, models, values } = this.shelves;
    const stored = await values.get(customerId);
    if (stored === null) {
      await forecasts.remove(customerId);
      return null;
    }
    const model = (await models.forecastModel(ServingModel)) ?? STARTING_MODEL;
    const centroids = centroidsOf(await models.segmentation(), stored.value.currency);
    const base = forecastOf(stored.value, model, centroids, today.day);
    const trained = TrainedPart.safeParse(await forecasts.trainedOf(customerId)).data;
    const forecast = trained ? withTrained(base, trained) : base;
    await forecasts.put([{ customerId, forecast, trained }], today.at);
    return forecast;
  }

  private run(): Promise<void> {
    if (this.running === null) {
      const cancel = new AbortController();
      const ended = this.runNow(cancel.signal).finally(() => (this.running = null));
      this.running = { ended, cancel };
    }
    return this.running.ended;
  }

  private async runNow(signal: AbortSignal): Promise<void> {
    const { clock, telemetry } = this.around;
    const { models } = this.shelves;
    const startedMs = clock();
    const today = todayAt(startedMs, this.months);
    const before = await models.forecastReport();
    const begun: ForecastReportView = { ...blank(before), state: 'running', startedAt: today.at };
    await models.setForecastReport(begun);
    const told = new Progress((progress) => models.setForecastReport({ ...begun, progress }), clock);
    const from = performance.now();
    try {
      const at = { today, months: this.months };
      const found = await runForecasts(this.shelves, at, { progress: (share) => told.tell(share), signal });
      await told.settled();
      if (found === null) await this.end({ ...begun, state: 'cancelled' });
      else await this.done(begun, found, (performance.now() - from) / 1_000);
    } catch (error) {
      await told.settled();
      telemetry.log.error({ reason: messageOf(error) }, 'forecasts could not be made');
      const failure = isRegularsError(error) ? error.code : 'INTERNAL';
      await this.end({ ...begun, state: 'failed', failure });
    }
  }

  private async done(begun: ForecastReportView, found: Found, seconds: number): Promise<void> {
    const { model, customers, atRisk, historyMonths, forecaster, currency, trainingSeconds } = found;
    const { name, note } = model;
    const finishedAt = new Date(this.around.clock()).toISOString();
    const payload = { finishedAt, model: name, note, customers, atRisk, seconds };
    const eventId = idFrom('evt', 'forecast.updated', begun.startedAt ?? finishedAt);
    await this.around.publisher.publish(ForecastUpdated, payload, { eventId });
    const { meter, log } = this.around.telemetry;
    meter.observe('regulars_value_run_seconds', seconds, { kind: 'forecasts' });
    if (trainingSeconds !== null) {
      meter.observe('regulars_forecast_training_seconds', trainingSeconds, { champion: name });
      log.info({ champion: name, seconds: Math.round(trainingSeconds), note }, 'forecaster trained');
    }
    const backTest = forecaster && { ...forecaster.backTest, currency };
    const figures = { customers, atRisk, historyMonths, model: name, note, backTest };
    await this.end({ ...begun, ...figures, state: 'done', progress: 1, failure: null });
  }

  private async end(report: ForecastReportView): Promise<void> {
    const finishedAt = new Date(this.around.clock()).toISOString();
    this.around.telemetry.meter.count('regulars_forecast_runs_total', { result: report.state });
    await this.shelves.models.setForecastReport({ ...report, finishedAt });
  }
}

function blank(before: ForecastReportView | null): ForecastReportView {
  const { model = null, note = null, customers = 0, atRisk = 0, historyMonths = 0 } = before ?? {};
  const known = { model, note, customers, atRisk, historyMonths, backTest: before?.backTest ?? null };
  return { ...known, state: 'never', progress: 0, startedAt: null, finishedAt: null, failure: null };
}

/** Writes progress now and then, one write at a time. */
class Progress {
  private writing: Promise<void> = Promise.resolve();
  private lastMs = -Infinity;

  constructor(
    private readonly write: (share: number) => Promise<void>,
    private readonly clock: () => number,
  ) {}

  tell(share: number): void {
    const nowMs = this.clock();
    if (nowMs - this.lastMs < PROGRESS_MS) return;
    this.lastMs = nowMs;
    // A progress that cannot be written is told by the next one.
    this.writing = this.writing.then(() => this.write(Math.min(1, share))).catch(() => undefined);
  }

  settled(): Promise<void> {
    return this.writing;
  }
}
