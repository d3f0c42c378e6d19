import { knownRows } from '../forecast/base.js';
import { HORIZON } from '../forecast/examples.js';
import type { ServingModelName } from '../forecast/forecaster.js';
import { fitRanges, rangeOf } from '../forecast/ranges.js';
import { dayAfter, shortened, type PurchaseSeries } from '../forecast/series.js';
import {
  drawsFor,
  testedPlaces,
  fittedClasses,
  FEWEST_OBSERVED,
  historyDays,
  originsBefore,
  outcomesOf,
} from '../forecast/train.js';
import { dateOfDay } from '../sales/periods.js';
import type { BackTestReport } from './back-test-report.js';
import { championOf, withoutTrained } from './champion.js';
import { forecastsFrom, type OriginForecasts } from './origin.js';
import { reportOf } from './report.js';

export interface EvaluationOptions {
  /** Origins wanted; the latest ones whose outcomes are known. */
  readonly origins: number;
  /** Origins before them, in which the champion is chosen. */
  readonly choosingOrigins: number;
  readonly mostCustomers: number;
  readonly seed: number;
  readonly onProgress?: (what: string) => void;
  readonly signal?: AbortSignal;
}

export interface Evaluation {
  readonly report: BackTestReport;
  /** Why no better model is the champion; null when the best one is. */
  readonly note: string | null;
  /** Origins in which the champion was chosen, before the first that is reported. */
  readonly chosenAt: readonly string[];
  /** Share of outcomes within the champion's intervals for eight of ten; null where there were none. */
  readonly coverage: number | null;
  /** Customers known at each origin. */
  readonly customers: readonly number[];
}

/** Repeats the past: each model forecasts from each origin with nothing that came later. Classes and champion are
 *  settled before the first origin, so that nothing that is reported has a say in them.
 *  @param series of whole periods only
 *  @returns null when no origin can be tested
 *  @throws the signal's reason when it is aborted */
export async function evaluateForecasts(
  series: PurchaseSeries,
  { origins, choosingOrigins, onProgress, signal, ...settings }: EvaluationOptions,
): Promise<Evaluation | null> {
  const places = originsBefore(series.count, origins).filter(
    (observed) => knownRows(series, observed).length > 0,
  );
  const [first] = places;
  if (first === undefined) return null;
  const before = shortened(series, first);
  const centroids = fittedClasses(before);
  const history = historyDays(before);
  const run = async (known: PurchaseSeries, observed: number, kind: string): Promise<OriginForecasts> => {
    onProgress?.(`${kind} ${dateOfDay(dayAfter(series, observed) - 1)}`);
    // Each origin is repeated as it would have been trained then, whatever serves: the table is of all models.
    return forecastsFrom(
      { ...settings, series: known, observed, centroids, withTrained: true },
      undefined,
      signal,
    );
  };
  const choosing: OriginForecasts[] = [];
  const { places: earlier, withTrained } = testedPlaces(before, choosingOrigins);
  for (const observed of withTrained ? earlier : [])
    choosing.push(await run(before, observed, 'choosing the champion at'));
  const draws = drawsFor(series.customerIds.length);
  const chosenBy = choosing.length === 0 ? null : reportOf(choosing, series.customerIds.length, draws);
  const tested: OriginForecasts[] = [];
  for (const observed of places) tested.push(await run(series, observed, 'forecasting from'));
  const report = reportOf(tested, series.customerIds.length, draws);
  const choice = championOf(history, chosenBy);
  const { champion, note } =
    choice.champion in report.models ? choice : withoutTrained(report.missing.at(-1)?.why ?? 'untrained');
  return {
    report: { champion, ...report },
    note,
    chosenAt: choosing.map(({ origin }) => origin),
    coverage: coverageOf([...choosing, ...tested], champion),
    customers: tested.map(({ rows }) => rows.length),
  };
}

/** Periods that a series needs for so many origins. */
export function periodsNeeded(origins: number): number {
  return FEWEST_OBSERVED + HORIZON + origins - 1;
}

/** Each origin's intervals are made of the origins whose outcomes were known by then. */
function coverageOf(all: readonly OriginForecasts[], champion: ServingModelName): number | null {
  let [inside, count] = [0, 0];
  for (const origin of all) {
    const known = all.filter(({ outcomesKnownOn }) => outcomesKnownOn <= origin.origin);
    const ranges = fitRanges(outcomesOf(known, champion));
    if (ranges === null) continue;
    const { churn, expectedMinor, spentMinor } = outcomesOf([origin], champion);
    for (let index = 0; index < churn.length; index += 1) {
      const { low, high } = rangeOf(ranges, churn[index] ?? 0, expectedMinor[index] ?? 0);
      const spent = spentMinor[index] ?? 0;
      if (spent >= low - 1e-9 && spent <= high + 1e-9) inside += 1;
    }
    count += churn.length;
  }
  return count === 0 ? null : inside / count;
}
