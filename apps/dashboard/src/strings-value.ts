import type { SegmentName } from '@regulars/contracts';

const segments: Readonly<Record<SegmentName, string>> = {
  champions: 'one of the best customers',
  loyal: 'a loyal customer',
  'potential-loyal': 'on the way to being loyal',
  new: 'a new customer',
  promising: 'a promising customer',
  'need-attention': 'in need of attention',
  'at-risk': 'at risk of leaving',
  'cannot-lose': 'a good customer about to be lost',
  hibernating: 'a customer who has become rare',
  lost: 'probably lost',
};

/** What the page says of customers' worth. */
export const valueStrings = {
  value: {
    segments,
    worth: (name: string, purchases: number, amount: string, days: number) =>
      `${name}: ${purchases} ${purchases === 1 ? 'purchase' : 'purchases'}, ${amount}, last ${
        days === 0 ? 'today' : days === 1 ? 'yesterday' : `${days} days ago`
      }`,
    nothing: (name: string) => `${name}: no purchase is left`,
    expected: (amount: string, months: number, percent: number) =>
      `${amount} expected in ${months} months, back with ${percent} %`,
    moved: (name: string, segment: string) => `${name} is now ${segment}`,
    loyal: (name: string) => `${name} has become one of the loyal customers`,
    forecasts: (customers: number, atRisk: number) =>
      `Forecasts were made for ${customers} customers; ${atRisk} will probably stay away`,
  },
};
