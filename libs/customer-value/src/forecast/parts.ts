import { noPurchaseProbability, expectedPurchases } from '../buy-till-you-die/bg-nbd.js';
import { expectedAmount } from '../buy-till-you-die/gamma-gamma.js';
import { safeLogit } from './predictions.js';
import { type BaseForecast, type BaseModel, historyOf } from './base.js';
import { HORIZON } from './examples.js';
import type { ReasonGroup } from './forecaster.js';
import { dayAfter, type PurchaseSeries } from './series.js';

/** What moves a forecast, by group; each sums to what it moves. */
export type Moves = Map<ReasonGroup, { churnLogit: number; logSpend: number }>;

export function move(moves: Moves, group: ReasonGroup, churnLogit: number, logSpend: number): void {
  const own = moves.get(group) ?? { churnLogit: 0, logSpend: 0 };
  moves.set(group, { churnLogit: own.churnLogit + churnLogit, logSpend: own.logSpend + logSpend });
}

/** Amounts in units as logarithms; below a millionth of a unit all are alike. */
export function logUnits(amountMinor: number, unitMinor: number): number {
  return Math.log(amountMinor / unitMinor + 1e-6);
}

/** Where every customer's reasons begin: somebody who has just bought for the first time, in a plain season. */
export function newCustomer(
  base: BaseModel,
  series: PurchaseSeries,
): { churnLogit: number; logSpend: number } {
  const days = plainDays(series);
  const history = { repeats: 0, lastAfter: 0, observed: 0 };
  return {
    churnLogit: safeLogit(noPurchaseProbability(base.bgNbd, history, days)),
    logSpend: logUnits(
      expectedPurchases(base.bgNbd, history, days) * amountOfNobody(base) * base.netShare,
      base.unitMinor,
    ),
  };
}

function plainDays(series: PurchaseSeries): number {
  return dayAfter(series, series.count + HORIZON) - dayAfter(series, series.count);
}

function amountOfNobody({ gammaGamma, unitMinor }: BaseModel): number {
  const amount = expectedAmount(gammaGamma, 0, 0);
  return Number.isFinite(amount) ? amount : unitMinor;
}

/** The way from a new customer to this one in the base forecast: bought so often until the last purchase (frequency),
 *  not since (recency), in this season (season), of these amounts (spend).
 *  @param said what the base forecast says of the customer in the end */
export function baseMoves(
  base: BaseModel,
  series: PurchaseSeries,
  row: number,
  said: {
    readonly churnLogit: number;
    readonly logSpend: number;
    readonly amountMinor: BaseForecast['amountMinor'];
  },
): Moves {
  const { repeats, lastAfter, observed } = historyOf(series, row, series.count);
  const plain = plainDays(series);
  const at = (history: { repeats: number; lastAfter: number; observed: number }, days: number) => ({
    churn: safeLogit(noPurchaseProbability(base.bgNbd, history, days)),
    purchases: Math.log(expectedPurchases(base.bgNbd, history, days) + 1e-9),
  });
  const start = at({ repeats: 0, lastAfter: 0, observed: 0 }, plain);
  const often = at({ repeats, lastAfter, observed: lastAfter }, plain);
  const since = at({ repeats, lastAfter, observed }, plain);
  const first = newCustomer(base, series);
  const amount = Math.log((said.amountMinor + 1) / (amountOfNobody(base) + 1));
  const moves: Moves = new Map();
  move(moves, 'frequency', often.churn - start.churn, often.purchases - start.purchases);
  move(moves, 'recency', since.churn - often.churn, since.purchases - often.purchases);
  move(moves, 'spend', 0, amount);
  // What the small amounts that keep logarithms finite leave over is the season's.
  move(
    moves,
    'season',
    said.churnLogit - first.churnLogit - (since.churn - start.churn),
    said.logSpend - first.logSpend - (since.purchases - start.purchases) - amount,
  );
  return moves;
}
