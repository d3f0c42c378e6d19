import {
  aliveProbability,
  type BgNbd,
  noPurchaseProbability,
  type PurchaseHistory,
} from '../buy-till-you-die/bg-nbd.js';

/** A purchase further away than this is none. */
const FAR_DAYS = 365;

/** Days until a purchase has even odds: on BG/NBD's curve of having bought nothing yet, raised to the power with which
 *  it meets the forecast at the horizon.
 *  @param churn forecast of buying nothing in the next `days`
 *  @returns at least 1; null when that is more than a year away or never */
export function daysToPurchase(
  bgNbd: BgNbd,
  history: PurchaseHistory,
  { churn, days }: { readonly churn: number; readonly days: number },
): number | null {
  const kept = (p: number) => Math.min(1 - 1e-9, Math.max(1e-9, p));
  const power = Math.log(kept(churn)) / Math.log(kept(noPurchaseProbability(bgNbd, history, days)));
  const waits = 1 - (1 - 0.5 ** (1 / power)) / aliveProbability(bgNbd, history);
  if (!(waits > 0)) return null;
  const { repeats, observed } = history;
  const found = (bgNbd.alpha + observed) * (waits ** (-1 / (bgNbd.r + repeats)) - 1);
  return Number.isFinite(found) && found <= FAR_DAYS ? Math.max(1, Math.round(found)) : null;
}
