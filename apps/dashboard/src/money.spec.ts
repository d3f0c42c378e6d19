import { describe, expect, it } from 'vitest';
import { moneyText, roughMoney } from './money.js';

describe('an amount in words', () => {
  it.each([
    [1990, 'EUR', '€19.90'],
    [1990, 'JPY', 'JP¥1,990'],
    [1990, 'KWD', 'KWD\u00a01.990'],
    [0, 'GBP', '£0.00'],
    [123_456_789, 'USD', 'US$1,234,567.89'],
  ])('%d in the smallest unit of %s is “%s”', (amountMinor, currency, text) => {
    expect(moneyText({ amountMinor, currency })).toBe(text);
  });

  it.each([
    [1990, 'EUR', '€20'],
    [1990.4, 'JPY', 'JP¥1,990'],
    [49, 'EUR', '€0'],
  ])('%d %s as an estimate is “%s”', (amountMinor, currency, text) => {
    expect(roughMoney({ amountMinor, currency })).toBe(text);
  });
});
