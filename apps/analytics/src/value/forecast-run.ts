import type { CustomerForecast, CustomerValue } from '@regulars/persistence';
import { setImmediate } from 'node:timers/promises';
import { fitInThread } from './fit-thread.js';
import type { FitInput } from './forecast-fit.js';
import type { ForecastShelves } from './forecast-book.js';
import { ENOUGH_MONTHS, forecastOf, historyOf, STARTING_MODEL, type ServingModel } from './forecasts.js';
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
}

/** Columns that grow. */
class Gathering {
  readonly currencies: string[] = [];
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

/** Fits the models to all customers and forecasts each of them.
 *  @param progress told 0 to 1
 *  @returns null when it was given up */
export async function runForecasts(
  shelves: ForecastShelves,
  today: Today,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<Found | null> {
  const { values, models } = shelves;
  const known = (await models.segmentation())?.customers ?? 0;
  const gathering = new Gathering(Math.max(1, Math.ceil(known / MOST)));
  for await (const { value } of values.each()) gathering.add(value);
  progress(0.1);
  const { customers, earliestDay } = gathering;
  const historyMonths = customers === 0 ? 0 : (today.day - earliestDay) / DAYS_A_MONTH;
  const model = await fit(gathering, today, historyMonths, (share) => progress(0.1 + 0.4 * share), signal);
  if (model === null) return null;
  await models.setForecastModel(model);
  const atRisk = await forecastAll(shelves, model, today, {
    told: (done) => progress(0.5 + (0.5 * done) / Math.max(1, customers)),
    signal,
  });
  return atRisk === null ? null : { model, customers, atRisk, historyMonths };
}

async function fit(
  gathering: Gathering,
  today: Today,
  historyMonths: number,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<ServingModel | null> {
  if (gathering.customers < FEWEST) return { ...STARTING_MODEL, fittedAt: today.at };
  const fitted = await fitInThread(gathering.input(today.day), progress, signal);
  if (fitted === null) return null;
  const note =
    historyMonths < ENOUGH_MONTHS
      ? `less than ${ENOUGH_MONTHS} months of history`
      : 'no model that beats it has been trained';
  const gammaGamma = { ...fitted.gammaGamma };
  return { name: 'bg-nbd', note, bgNbd: fitted.bgNbd, gammaGamma, fittedAt: today.at };
}

async function forecastAll(
  { values, models, forecasts }: ForecastShelves,
  model: ServingModel,
  today: Today,
  { told, signal }: { told: (done: number) => void; signal: AbortSignal },
): Promise<number | null> {
  const segmentation = await models.segmentation();
  let batch: CustomerForecast[] = [];
  let atRisk = 0;
  let done = 0;
  const write = async () => {
    await forecasts.put(batch, today.at);
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
    const centroids = centroidsOf(segmentation, value.currency);
    const forecast = forecastOf(value, model, centroids, today.day);
    if (forecast.churnProbability > 0.5) atRisk += 1;
    batch.push({ customerId: value.customerId, forecast });
    if (batch.length === FORECASTS_AT_ONCE) await write();
  }
  await write();
  await forecasts.removeBefore(today.at);
  return atRisk;
}
