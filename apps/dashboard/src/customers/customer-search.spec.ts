import { describe, expect, it } from 'vitest';
import { customerView } from '../testing/a.js';
import { findCustomers } from './customer-search.js';

const customers = [
  customerView(1, { displayName: 'Zoë Ibáñez', externalId: 'LC-104' }),
  customerView(2, { displayName: 'anna berg' }),
  customerView(3, { displayName: 'Anna Halloran', externalId: '+49 30 1234' }),
];

describe('the search for customers', () => {
  it.each([
    ['', ['anna berg', 'Anna Halloran', 'Zoë Ibáñez']],
    ['ANNA', ['anna berg', 'Anna Halloran']],
    ['hall anna', ['Anna Halloran']],
    ['zoe ibanez', ['Zoë Ibáñez']],
    ['lc-104', ['Zoë Ibáñez']],
    ['nobody', []],
  ])('for “%s” finds %j', (query, names) => {
    expect(findCustomers(customers, query).map(({ displayName }) => displayName)).toEqual(names);
  });
});
