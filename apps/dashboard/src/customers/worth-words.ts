import type { ForecastReason, ForecastView, ValueClass, ValueSummary } from '@regulars/contracts';
import { dayText, percentText } from '../format.js';
import { moneyText, roughMoney } from '../money.js';
import { strings } from '../strings.js';

/** A name of a model for people; its own id where the page knows none. */
export function modelName(model: string): string {
  return strings.forecast.models[model] ?? model;
}

/** The customer's recency, frequency and money on one line, e.g. "7 purchases, €312.40, last 3 days ago". */
export function worthLine({
  frequency,
  monetaryMinor: amountMinor,
  currency,
  recencyDays,
}: ValueSummary): string {
  const say = strings.value;
  return say.card(frequency, moneyText({ amountMinor, currency }), say.ago(recencyDays));
}

/** The forecast on one line, e.g. "€42 expected in 3 months, will probably buy". */
export function forecastLine(forecast: ForecastView): string {
  const { expectedSpendMinor: amountMinor, currency, months, churnProbability } = forecast;
  const expected = strings.value.cardExpected(roughMoney({ amountMinor, currency }), months);
  return `${expected}, ${churnWord(churnProbability)}`;
}

/** A probability of buying nothing, in words. */
export function churnWord(probability: number): string {
  const words = strings.value.churnWords;
  const band = Math.min(words.length - 1, Math.floor(probability * words.length));
  return words[band] ?? '';
}

/** The interval of the expected spend, in words. */
export function rangeText({ spendRangeMinor: range, currency }: ForecastView): string {
  const say = strings.value;
  if (range === null) return say.noRange;
  const amount = (amountMinor: number) => roughMoney({ amountMinor, currency });
  return say.range(amount(range.low), amount(range.high));
}

/** When the customer is expected next. */
export function nextText({ nextPurchaseOn }: ForecastView): string {
  const say = strings.value;
  return nextPurchaseOn === null ? say.nextNone : say.nextAround(dayText(nextPurchaseOn));
}

/** Which model made the forecast, and why no better one. */
export function modelText({ model, note }: Pick<ForecastView, 'model' | 'note'>): string {
  const say = strings.value;
  return note === null ? say.servedBy(modelName(model)) : say.servedInstead(modelName(model), note);
}

/** Smaller effects are not told: of the logit of buying nothing, and of the logarithm of the spend. */
const LEAST_EFFECT = { churnLogit: 0.1, logSpend: 0.05 };

/** What a group of inputs did to the forecast, e.g. "how often they buy: likelier to buy, 20% more spend".
 *  @returns null when it did next to nothing */
export function reasonText({ group, churnLogit, logSpend }: ForecastReason): string | null {
  const say = strings.forecast.reasons;
  const effects: string[] = [];
  if (Math.abs(churnLogit) >= LEAST_EFFECT.churnLogit)
    effects.push(churnLogit < 0 ? say.likelier : say.unlikelier);
  if (Math.abs(logSpend) >= LEAST_EFFECT.logSpend) {
    const change = percentText(Math.abs(Math.expm1(logSpend)));
    if (logSpend >= Math.LN2) effects.push(say.times(Math.exp(logSpend)));
    else effects.push(logSpend > 0 ? say.more(change) : say.less(change));
  }
  return effects.length === 0 ? null : say.line(say.groups[group], effects.join(', '));
}

/** The classes by their probability, the likeliest first, e.g. "medium 61%, high 22%". */
export function classesText(classes: NonNullable<ForecastView['classes']>): string {
  const { classNames, class1 } = strings.value;
  return (Object.entries(classes) as [ValueClass, number][])
    .sort(([, a], [, b]) => b - a)
    .map(([name, share]) => class1(classNames[name], percentText(share)))
    .join(', ');
}
