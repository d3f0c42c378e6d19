import { fitBgNbd, fitGammaGamma, type BgNbd, type GammaGamma } from '@regulars/customer-value';

/** Days with a purchase of customers, in columns: what the models are fitted to. */
export interface FitInput {
  readonly repeats: Float64Array;
  readonly lastAfter: Float64Array;
  readonly observed: Float64Array;
  /** Index into `currencies`. */
  readonly currency: Uint16Array;
  readonly meanMinor: Float64Array;
  readonly currencies: readonly string[];
}

export interface Fitted {
  readonly bgNbd: BgNbd;
  readonly gammaGamma: Readonly<Record<string, GammaGamma>>;
}

/** Customers of a currency whose spend a model is fitted to at least. */
const FEWEST_SPENDERS = 20;

/** Fits BG/NBD to all and Gamma-Gamma to each currency.
 *  @param progress told 0 to 1
 *  @throws RangeError without customers */
export function fitAll(input: FitInput, progress: (share: number) => void): Fitted {
  const { parameters: bgNbd } = fitBgNbd(input);
  progress(0.6);
  const gammaGamma: Record<string, GammaGamma> = {};
  for (const [index, currency] of input.currencies.entries()) {
    const purchases: number[] = [];
    const meanAmount: number[] = [];
    for (let i = 0; i < input.repeats.length; i++) {
      if (input.currency[i] !== index || (input.meanMinor[i] ?? 0) <= 0) continue;
      purchases.push((input.repeats[i] ?? 0) + 1);
      meanAmount.push(input.meanMinor[i] ?? 0);
    }
    if (purchases.length >= FEWEST_SPENDERS)
      gammaGamma[currency] = fitGammaGamma({ purchases, meanAmount }).parameters;
    progress(0.6 + (0.4 * (index + 1)) / input.currencies.length);
  }
  return { bgNbd, gammaGamma };
}
