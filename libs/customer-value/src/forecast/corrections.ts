import { attributions } from '../boosting/attributions.js';
import type { BaseModel } from './base.js';
import { type BoostedForecaster, staysFeatures } from './boosted.js';
import { churnOf, HORIZON, type Examples } from './examples.js';
import type { FeatureGroup } from './features.js';
import type { ReasonGroup } from './forecaster.js';
import { logUnits, move, type Moves } from './parts.js';
import { safeLogit } from './predictions.js';
import { LSTM_OUTPUTS } from './recurrent.js';

/** Gauss and Legendre's three points of 0..1. */
const POINTS = [
  [0.5 - Math.sqrt(0.15), 5 / 18],
  [0.5, 8 / 18],
  [0.5 + Math.sqrt(0.15), 5 / 18],
] as const;

/** Shares of trees and networks in the champion, of chances and of spend; each pair sums to 1. */
export interface Shares {
  readonly churn: readonly [number, number];
  readonly spend: readonly [number, number];
}

/** What trees and networks add to the base forecast of each example, by group. */
export interface Corrections {
  readonly groups: readonly ReasonGroup[];
  /** [period ahead][example][group] of the logit of buying nothing in it; null without trees. */
  readonly treeStays: readonly Float64Array[] | null;
  /** [example][group] of the log-spend. */
  readonly treeSpend: Float64Array | null;
  /** [example][output]; null without networks. */
  readonly outputs: Float32Array | null;
}

/** @param features group of each feature, in their order */
export function correctionsOf(
  boosted: BoostedForecaster | null,
  outputs: Float32Array | null,
  examples: Examples,
  features: readonly (readonly [string, FeatureGroup])[],
): Corrections {
  const groups: ReasonGroup[] = [...new Set<ReasonGroup>(features.map(([, group]) => group)), 'shop'];
  if (boosted === null) return { groups: ['shop'], treeStays: null, treeSpend: null, outputs };
  const shared = groups.length - 1;
  const groupOf = features.map(([, group]) => groups.indexOf(group));
  const grouping = { groupOf: [...groupOf, shared], groups: groups.length, shared };
  const treeStays = Array.from({ length: HORIZON }, (_, place) => {
    const rows = Array.from({ length: examples.count }, (__, index) => ({ index, ahead: place + 1 }));
    return attributions(boosted.stays, staysFeatures(examples, rows), grouping);
  });
  return { groups, treeStays, treeSpend: attributions(boosted.spend, examples.features, grouping), outputs };
}

/** Adds what the corrections move, so that with the base's own moves they sum to the forecast exactly: along the
 *  straight way from the base forecast to the champion's, each group gets its share of every step (Aumann and Shapley
 *  1974), taken at three points; what these leave over, some millionths, is the shop's.
 *  @param said the champion's forecast */
export function addCorrections(
  moves: Moves,
  corrections: Corrections,
  {
    base,
    examples,
    index,
  }: { readonly base: BaseModel; readonly examples: Examples; readonly index: number },
  { shares, said }: { readonly shares: Shares; readonly said: { churn: number; spendMinor: number } },
): void {
  const { baseStays, baseSpendMinor } = examples;
  const from = {
    churn: safeLogit(churnOf(baseStays, index * HORIZON)),
    spend: logUnits(baseSpendMinor[index] ?? 0, base.unitMinor),
  };
  const left = {
    churn: safeLogit(said.churn) - from.churn,
    spend: logUnits(said.spendMinor, base.unitMinor) - from.spend,
  };
  const add = (group: ReasonGroup, churn: number, spend: number): void => {
    move(moves, group, churn, spend);
    left.churn -= churn;
    left.spend -= spend;
  };
  const stays = baseStays.subarray(index * HORIZON, (index + 1) * HORIZON);
  const ways = spendWays(corrections, index, shares);
  const churns = treeChurn(corrections, index, stays);
  corrections.groups.forEach((group, place) =>
    add(
      group,
      shares.churn[0] * (churns[place] ?? 0),
      ways.trees * partOf(corrections.treeSpend, corrections, index, place),
    ),
  );
  if (corrections.outputs !== null) {
    const own = corrections.outputs.subarray(index * LSTM_OUTPUTS, (index + 1) * LSTM_OUTPUTS);
    const moved = Array.from(stays, (value, ahead) => value + (own[ahead] ?? 0));
    const churn = safeLogit(churnOf(moved, 0)) - from.churn;
    add('sequence', shares.churn[1] * churn, ways.networks * (own[HORIZON] ?? 0));
  }
  move(moves, 'shop', left.churn, left.spend);
}

function partOf(
  parts: Float64Array | null | undefined,
  { groups }: Corrections,
  index: number,
  place: number,
): number {
  return parts?.[index * groups.length + place] ?? 0;
}

/** What each group of the trees' features moves of the logit of buying nothing in all periods ahead. */
function treeChurn(corrections: Corrections, index: number, stays: Float64Array): Float64Array {
  const { groups, treeStays } = corrections;
  const moved = new Float64Array(groups.length);
  if (treeStays === null) return moved;
  const whole = treeStays.map((parts) =>
    groups.reduce((sum, _, place) => sum + partOf(parts, corrections, index, place), 0),
  );
  for (const [point, weight] of POINTS) {
    const at = whole.map((own, ahead) => (stays[ahead] ?? 0) + point * own);
    const bought = 1 - churnOf(at, 0);
    treeStays.forEach((parts, ahead) => {
      const slope = (weight * (1 - 1 / (1 + Math.exp(-(at[ahead] ?? 0))))) / Math.max(1e-9, bought);
      for (let place = 0; place < groups.length; place += 1)
        moved[place] = (moved[place] ?? 0) + slope * partOf(parts, corrections, index, place);
    });
  }
  return moved;
}

/** How much of trees' and networks' logarithms of a spend counts, both being mixed as amounts. */
function spendWays(
  corrections: Corrections,
  index: number,
  { spend: [trees, networks] }: Shares,
): { trees: number; networks: number } {
  const { groups, treeSpend, outputs } = corrections;
  const tree = groups.reduce((sum, _, place) => sum + partOf(treeSpend, corrections, index, place), 0);
  const network = outputs?.[index * LSTM_OUTPUTS + HORIZON] ?? 0;
  let sum = 0;
  for (const [point, weight] of POINTS) {
    const [one, other] = [trees * Math.exp(point * tree), networks * Math.exp(point * network)];
    sum += (weight * one) / (one + other);
  }
  return { trees: sum, networks: 1 - sum };
}
