import { NewCamera, NewCustomer } from '@regulars/contracts';
import { describe, expect, it } from 'vitest';
import { requestIdOf } from './request-id.js';
import { routeLabelOf } from './request-metrics.js';
import { wrongFieldsOf } from './validation.js';

describe('validation', () => {
  it('names every wrong field by its path with the reason, unknown fields too', () => {
    const { error } = NewCustomer.safeParse({
      displayName: '',
      consent: { textVersion: 1, givenAt: 'yesterday', by: 'me' },
      role: 'admin',
    });
    const fields = wrongFieldsOf(error?.issues ?? []);
    expect(Object.keys(fields).sort()).toEqual([
      'consent.by',
      'consent.givenAt',
      'consent.textVersion',
      'displayName',
      'role',
    ]);
    expect(fields['role']).toBe('unknown field');
    expect(fields['consent.by']).toBe('unknown field');
  });

  it('names the body when there is none', () => {
    const { error } = NewCamera.safeParse(undefined);
    expect(Object.keys(wrongFieldsOf(error?.issues ?? []))).toEqual(['body']);
  });

  it('keeps the answer to a hostile body small', () => {
    const body = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`${i}${'x'.repeat(500)}`, 1]));
    const { error } = NewCustomer.safeParse(body);
    expect(JSON.stringify(wrongFieldsOf(error?.issues ?? [])).length).toBeLessThan(10_000);
  });
});

describe('request ids', () => {
  it.each([
    ['till-7.42_a', 'till-7.42_a'],
    [undefined, 'fresh'],
    ['', 'fresh'],
    ['a b', 'fresh'],
    ['a\r\nSet-Cookie: x', 'fresh'],
    ['x'.repeat(81), 'fresh'],
    [['a', 'b'], 'fresh'],
  ])('takes %j as %s', (given, id) => {
    expect(requestIdOf(given, () => 'fresh')).toBe(id);
  });
});

describe('the route label of a metric', () => {
  it('is the pattern, never the path', () => {
    expect(routeLabelOf({ route: { path: '/v1/cameras/:cameraId' }, baseUrl: '' }, 404)).toBe(
      '/v1/cameras/:cameraId',
    );
    expect(routeLabelOf({ baseUrl: '' }, 404)).toBe('none');
    expect(routeLabelOf({ baseUrl: '' }, 200)).toBe('static');
  });
});
