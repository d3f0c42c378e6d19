import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currencyDigits, isCurrency, minorOf } from './currencies.js';

describe('money', () => {
  it.each([
    ['19.90', 'EUR', 1990],
    ['5', 'EUR', 500],
    ['0.1', 'EUR', 10],
    ['-9.9', 'EUR', -990],
    ['-0.00', 'EUR', 0],
    ['1200', 'JPY', 1200],
    ['1.234', 'KWD', 1234],
    ['1.2300', 'EUR', 123],
    ['10000000000.00', 'EUR', 1e12],
    ['10000000000.01', 'EUR', null],
    ['1.005', 'EUR', null],
    ['1.5', 'JPY', null],
    ['1e20', 'EUR', null],
    ['1,50', 'EUR', null],
    ['', 'EUR', null],
    ['.5', 'EUR', null],
    ['NaN', 'EUR', null],
  ])('%j in %s is %s of the smallest unit', (text, currency, minor) => {
    expect(minorOf(text, currency)).toBe(minor);
  });

  it('comes back to the cent, whatever the amount', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 1e12 }),
        fc.constantFrom('EUR', 'JPY', 'KWD'),
        (minor, code) => {
          const digits = currencyDigits(code);
          const plain = String(Math.abs(minor)).padStart(digits + 1, '0');
          const split = plain.length - digits;
          const text = digits === 0 ? plain : `${plain.slice(0, split)}.${plain.slice(split)}`;
          expect(minorOf(minor < 0 ? `-${text}` : text, code)).toBe(minor);
        },
      ),
    );
  });

  it('is of a currency in use', () => {
    expect(['EUR', 'USD', 'XOF'].every(isCurrency)).toBe(true);
    expect(['DEM', 'EUX', 'eur', ''].some(isCurrency)).toBe(false);
  });
});
