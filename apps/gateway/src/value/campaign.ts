import type { CampaignMember } from '@regulars/persistence';
import { csvCell } from '../visits/attendance-csv.js';
import type { Names } from '../visits/visit-views.js';

const HEADER = 'Name,CustomerId,StaysAway,ExpectedSpend,Currency,Campaign\r\n';

/** Names a list by when it was made. */
export function campaignId(exportedAt: string): string {
  return `at-risk-${exportedAt.replace(/[:.]/g, '-')}`;
}

/** Draws who is not to be addressed, so that the others can be compared with them: every group of that size is
 *  equally likely.
 *  @param share 0 to 1, rounded to whole customers
 *  @returns places in the list */
export function drawHoldOut(customers: number, share: number, random: () => number): Set<number> {
  const places = Array.from({ length: customers }, (_, index) => index);
  const wanted = Math.round(customers * share);
  for (let i = 0; i < wanted; i++) {
    const other = i + Math.floor(random() * (customers - i));
    [places[i], places[other]] = [places[other] ?? 0, places[i] ?? 0];
  }
  return new Set(places.slice(0, wanted));
}

/** The file of those who are to be addressed; money in the currency's smallest unit, as everywhere. */
export function atRiskFile(members: readonly CampaignMember[], names: Names): string {
  const lines = members
    .filter(({ isHeldOut }) => !isHeldOut)
    .map(({ customerId, forecast, campaignId: campaign }) => {
      const { churnProbability, expectedSpendMinor, currency } = forecast;
      const figures = [churnProbability.toFixed(3), String(Math.round(expectedSpendMinor))];
      const cells = [names.get(customerId) ?? '', customerId, ...figures, currency, campaign];
      return `${cells.map(csvCell).join(',')}\r\n`;
    });
  return HEADER + lines.join('');
}
