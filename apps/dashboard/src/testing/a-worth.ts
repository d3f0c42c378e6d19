import type { ForecastView, LivePayload, LiveVisitor, ValueSummary } from '@regulars/contracts';
import { customer, customerId } from './a.js';

/** Valid worth, forecasts and sales for tests, as in a.ts. */

export function worth(change: Partial<ValueSummary> = {}): ValueSummary {
  return {
    currency: 'EUR',
    recencyDays: 12,
    frequency: 7,
    monetaryMinor: 48_250,
    scores: { recency: 4, frequency: 5, monetary: 3 },
    segment: 'loyal',
    class: 'medium',
    ...change,
  };
}

export function forecast(change: Partial<ForecastView> = {}): ForecastView {
  return {
    from: '2026-12-01',
    months: 3,
    currency: 'EUR',
    expectedSpendMinor: 4_210.4,
    spendRangeMinor: { low: 900, high: 30_500 },
    churnProbability: 0.34,
    classes: null,
    nextPurchaseOn: '2026-12-09',
    model: 'bg-nbd',
    note: 'less than 15 months of history',
    ...change,
  };
}

export function saleId(number: number): string {
  return `sal_${String(number).padStart(16, '0')}`;
}

export function sale(number: number, who: LiveVisitor = { kind: 'undecided' }): LivePayload {
  return {
    kind: 'sale',
    saleId: saleId(number),
    tillId: 'till-1',
    who,
    amountMinor: 1990,
    currency: 'EUR',
    items: null,
  };
}

/** A customer's worth after a sale. */
export function valueTold(
  number: number,
  change: Partial<Extract<LivePayload, { kind: 'value' }>> = {},
): LivePayload {
  return {
    kind: 'value',
    customerId: customerId(number),
    who: customer(number),
    saleId: null,
    isJoined: false,
    value: worth(),
    forecast: forecast(),
    ...change,
  };
}
