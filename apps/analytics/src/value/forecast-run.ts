import type { Forecaster, Periods } from '@regulars/customer-value';
import type { CustomerForecast, CustomerValue } from '@regulars/persistence';
import { setImmediate } from 'node:timers/promises';
import { fitInThread } from './fit-thread.js';
import type { FitInput } from './forecast-fit.js';
import type { ForecastShelves } from './forecast-book.js';
import { ENOUGH_MONTHS, forecastOf, historyOf, STARTING_MODEL, type ServingModel } from './forecasts.js';
import { withTrained } from './trained-part.js';
import { Training } from './training-run.js';
import { centroidsOf, type Today } from './values.js';

/** Customers that a model is fitted to at least, and at most: beyond that every n-th is enough to know four
 *  parameters to three digits. */
const FEWEST = 30;
const MOST = 200_000;
const FORECASTS_AT_ONCE = 500;
const DAYS_A_MONTH = 30.4375;

export interface Found {
  readonly model: ServingModel;
  readonly customers: number;
  readonly atRisk: number;
  readonly historyMonths: number;
  /** Null with too little history to train anything. */
  readonly forecaster: Forecaster | null;
  /** Currency of its back-test; null without one. */
  readonly currency: string | null;
  /** That training and its back-test took. */
  readonly trainingSeconds: number | null;
}

/** When, and what is told of it. */
export interface RunAt {
  readonly today: Today;
  readonly months: Periods;
}

export interface RunHooks {
  /** Told 0 to 1. */
  readonly progress: (share: number) => void;
  readonly signal: AbortSignal;
}

/** Columns that grow. */
class Gathering {
  readonly currencies: string[] = [];
  /** Customers by the currency they mostly pay in, at most so many apart as `every` leaves. */
  private readonly idsBy = new Map<string, string[]>();
  private readonly rows: { value: CustomerValue; currency: number }[] = [];
  customers = 0;
  earliestDay = Infinity;

  constructor(private readonly every: number) {}

  add(value: CustomerValue): void {
    this.earliestDay = Math.min(this.earliestDay, value.firstDay);
    if (this.customers++ % this.every !== 0) return;
    let currency = this.currencies.indexOf(value.currency);
    if (currency < 0) currency = this.currencies.push(value.currency) - 1;
    this.rows.push({ value, currency });
    const ids = this.idsBy.get(value.currency);
    if (ids === undefined) this.idsBy.set(value.currency, [value.customerId]);
    else ids.push(value.customerId);
  }

  /** The currency of most customers, and they; null without customers. */
  mainCurrency(): { readonly currency: string; readonly customerIds: readonly string[] } | null {
    const [first] = [...this.idsBy].sort(([, one], [, other]) => other.length - one.length);
    return first === undefined ? null : { currency: first[0], customerIds: first[1] };
  }

  input(day: number): FitInput {
    const histories = this.rows.map(({ value }) => historyOf(value, day));
    return {
      repeats: Float64Array.from(histories, ({ repeats }) => repeats),
      lastAfter: Float64Array.from(histories, ({ lastAfter }) => lastAfter),
      observed: Float64Array.from(histories, ({ observed }) => observed),
      currency: Uint16Array.from(this.rows, ({ currency }) => currency),
      meanMinor: Float64Array.from(this.rows, ({ value }) => value.netMinor / value.days),
      currencies: this.currencies,
    };
  }
}

/** Fits the models to all customers, trains a forecaster, and forecasts each of them. What serves is changed once
 *  training is done: one that fails or is given up leaves everything as it was.
 *  @returns null when it was given up */
export async function runForecasts(
  shelves: ForecastShelves,
  at: RunAt,
  { progress, signal }: RunHooks,
): Promise<Found | null> {
  const { values, models } = shelves;
  const { today } = at;
  const known = (await models.segmentation())?.customers ?? 0;
  const gathering = new Gathering(Math.max(1, Math.ceil(known / MOST)));
  for await (const { value } of values.each()) gathering.add(value);
  progress(0.05);
  const { customers, earliestDay } = gathering;
  const historyMonths = customers === 0 ? 0 : (today.day - earliestDay) / DAYS_A_MONTH;
  const told = (from: number, to: number) => (share: number) => progress(from + (to - from) * share);
  const fitted = await fit(gathering, today, historyMonths, { progress: told(0.05, 0.15), signal });
  if (fitted === null) return null;
  const startedMs = performance.now();
  const training = await train(shelves, gathering, at, { progress: told(0.15, 0.7), signal });
  if (training === 'given up') return null;
  try {
    const forecaster = training?.forecaster ?? null;
    const trainingSeconds = training === null ? null : (performance.now() - startedMs) / 1_000;
    const model = servingOf(fitted, forecaster);
    await models.setForecastModel(model);
    const atRisk = await forecastAll(shelves, { model, training }, today, {
      told: (done) => progress(0.7 + (0.3 * done) / Math.max(1, customers)),
      signal,
    });
    if (atRisk === null) return null;
    const currency = training?.currency ?? null;
    return { model, customers, atRisk, historyMonths, forecaster, currency, trainingSeconds };
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  } finally {
    await training?.close();
  }
}

function servingOf(fitted: ServingModel, forecaster: Forecaster | null): ServingModel {
  if (forecaster === null) return fitted;
  const { champion, note } = forecaster;
  return { ...fitted, name: champion, note: champion === 'bg-nbd' ? (fitted.note ?? note) : note };
}

async function train(
  shelves: ForecastShelves,
  gathering: Gathering,
  at: RunAt,
  hooks: RunHooks,
): Promise<Training | null | 'given up'> {
  const main = gathering.mainCurrency();
  if (main === null || gathering.customers < FEWEST) return null;
  const task = { ...main, firstPeriod: at.months.indexOf(gathering.earliestDay) };
  try {
    return await Training.run(shelves, task, at, hooks);
  } catch (error) {
    if (hooks.signal.aborted) return 'given up';
    throw error;
  }
}

async function fit(
  gathering: Gathering,
  today: Today,
  historyMonths: number,
  { progress, signal }: RunHooks,
): Promise<ServingModel | null> {
  if (gathering.customers < FEWEST) return { ...STARTING_MODEL, fittedAt: today.at };
  const fitted = await fitInThread(gathering.input(today.day), progress, signal);
  if (fitted === null) return null;
  const note = historyMonths < ENOUGH_MONTHS ? `less than ${ENOUGH_MONTHS} months of history` : null;
  const gammaGamma = { ...fitted.gammaGamma };
  return { name: 'bg-nbd', note, bgNbd: fitted.bgNbd, gammaGamma, fittedAt: today.at };
}

async function forecastAll(
  { values, models, forecasts }: ForecastShelves,
  { model, training }: { readonly model: ServingModel; readonly training: Training | null },
  today: Today,
  { told, signal }: { told: (done: number) => void; signal: AbortSignal },
): Promise<number | null> {
  const segmentation = await models.segmentation();
  let batch: CustomerValue[] = [];
  let atRisk = 0;
  let done = 0;
  const write = async () => {
    const parts = await training?.partsOf(batch, model, segmentation, signal);
    const made = batch.map((value): CustomerForecast => {
      const base = forecastOf(value, model, centroidsOf(segmentation, value.currency), today.day);
      const trained = parts?.get(value.customerId);
      const forecast = trained ? withTrained(base, trained) : base;
      return { customerId: value.customerId, forecast, trained };
    });
    atRisk += made.filter(({ forecast }) => forecast.churnProbability > 0.5).length;
    await forecasts.put(made, today.at);
    // Who was erased since their value was read has none now.
    const known = await values.getMany(batch.map(({ customerId }) => customerId));
    for (const { customerId } of batch) if (!known.has(customerId)) await forecasts.remove(customerId);
    done += batch.length;
    batch = [];
    told(done);
    await setImmediate();
  };
  for await (const { value } of values.each()) {
    if (signal.aborted) return null;
    batch.push(value);
    if (batch.length === FORECASTS_AT_ONCE) await write();
  }
  await write();
  await forecasts.removeBefore(today.at);
  return atRisk;
}
