import { parentPort } from 'node:worker_threads';
import {
  calendarMonths,
  forecastCustomers,
  trainForecaster,
  type Forecaster,
  type ForecastOfCustomer,
  type PurchaseSeries,
} from '@regulars/customer-value';

/** A series as it goes to another thread, which functions cannot. */
export type SeriesColumns = Omit<PurchaseSeries, 'periods'>;

export type TrainingRequest =
  | { readonly kind: 'train'; readonly series: SeriesColumns }
  | { readonly kind: 'forecast'; readonly series: SeriesColumns };

/** What the thread says: how far it is, then what it found; and of each series that it was given what is expected. */
export type TrainingMessage =
  | { readonly kind: 'progress'; readonly share: number; readonly step: string }
  | { readonly kind: 'trained'; readonly forecaster: Forecaster }
  | { readonly kind: 'forecasts'; readonly forecasts: readonly ForecastOfCustomer[] };

/** Series hold days and periods of the shop, so that the zone does not matter here. */
const MONTHS = calendarMonths();

let trained: Forecaster | null = null;

async function answer({ kind, series }: TrainingRequest): Promise<TrainingMessage> {
  const whole: PurchaseSeries = { ...series, periods: MONTHS };
  if (kind === 'train') {
    trained = await trainForecaster(
      whole,
      {},
      { onProgress: (share, step) => say({ kind: 'progress', share, step }) },
    );
    return { kind: 'trained', forecaster: trained };
  }
  if (trained === null) throw new Error('asked to forecast before training');
  return { kind: 'forecasts', forecasts: await forecastCustomers(trained, whole) };
}

const say = (message: TrainingMessage) => parentPort?.postMessage(message);

// A failure ends the thread with its error, which whoever waits for the answer gets.
parentPort?.on('message', (request: TrainingRequest) => {
  answer(request).then(say, (error: unknown) => {
    setImmediate(() => {
      throw error;
    });
  });
});
