import { currencyDigits } from '@regulars/contracts';
import { strings } from './strings.js';

export interface Money {
  /** In the currency's smallest unit; fractions are rounded. */
  readonly amountMinor: number;
  /** ISO 4217. */
  readonly currency: string;
}

const formatters = new Map<string, Intl.NumberFormat>();

/** An amount with its currency and that currency's digits: 1990 EUR is “€19.90”, 1990 JPY is “JP¥1,990”. */
export function moneyText({ amountMinor, currency }: Money): string {
  const digits = currencyDigits(currency);
  return formatterOf(currency, digits).format(Math.round(amountMinor) / 10 ** digits);
}

/** An amount that is only an estimate, in whole units of its currency: 1990 EUR is “€20”. */
export function roughMoney({ amountMinor, currency }: Money): string {
  return formatterOf(currency, 0).format(Math.round(amountMinor / 10 ** currencyDigits(currency)));
}

function formatterOf(currency: string, digits: number): Intl.NumberFormat {
  const key = `${currency}${digits}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat(strings.locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  formatters.set(key, made);
  return made;
}
