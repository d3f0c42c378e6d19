import { describe, expect, it } from 'vitest';
import { hrefOf, type Route, routeOf } from './route.js';

describe('the address of a page', () => {
  it.each<[string, Route]>([
    ['', { page: 'live' }],
    ['#/live', { page: 'live' }],
    ['#/elsewhere', { page: 'live' }],
    ['#/customers', { page: 'customers', customerId: null }],
    ['#/customers/cus_1', { page: 'customers', customerId: 'cus_1' }],
    ['#/today', { page: 'today' }],
    ['#/value', { page: 'value', segment: null }],
    ['#/value/at-risk', { page: 'value', segment: 'at-risk' }],
    ['#/value/elsewhere', { page: 'value', segment: null }],
    ['#/forecast', { page: 'forecast' }],
    ['#/sales', { page: 'sales' }],
  ])('“%s” is %j', (fragment, route) => {
    expect(routeOf(fragment)).toEqual(route);
    expect(routeOf(hrefOf(route))).toEqual(route);
  });
});
