import { LoyaltyRule } from '@regulars/contracts';
import { describe, expect, it } from 'vitest';
import { formOf, NEW_RULE, rulesOf, wrongFields } from './rule-form.js';

const form = (change: Partial<typeof NEW_RULE>) => ({ ...NEW_RULE, name: 'Regular', ...change });

describe('a loyalty rule as typed', () => {
  it.each<[string, Partial<typeof NEW_RULE>, string[]]>([
    ['is right with days alone', {}, []],
    ['is right with money alone', { visits: '', spend: '99,50' }, []],
    ['needs a name', { name: ' ' }, ['name']],
    ['needs a period of at most two years', { period: '731' }, ['period']],
    ['needs days or money', { visits: '', spend: '' }, ['visits']],
    ['needs a currency that exists', { spend: '10', currency: 'XXX' }, ['currency']],
    ['has no cents of a yen', { spend: '10.50', currency: 'JPY' }, ['spend']],
    ['has no amount of nothing', { spend: '0' }, ['spend']],
  ])('%s', (_name, change, wrong) => {
    expect(wrongFields(form(change))).toEqual(wrong);
  });

  it('becomes a rule of the contracts with an id of its own', () => {
    const forms = [
      form({ spend: '19.90', currency: 'eur' }),
      form({ visits: '', spend: '1500', currency: 'JPY' }),
    ];
    const rules = rulesOf(forms);
    expect(rules).toEqual([
      {
        ruleId: 'regular',
        name: 'Regular',
        periodDays: 30,
        minVisitDays: 4,
        minSpendMinor: 1990,
        currency: 'EUR',
      },
      { ruleId: 'regular-2', name: 'Regular', periodDays: 30, minSpendMinor: 1500, currency: 'JPY' },
    ]);
    for (const rule of rules) expect(LoyaltyRule.parse(rule)).toEqual(rule);
  });

  it('comes back unchanged when nothing was typed', () => {
    const rules = rulesOf([form({ ruleId: 'vip', spend: '19.90' }), form({ visits: '9' })]);
    expect(rulesOf(rules.map(formOf))).toEqual(rules);
  });
});
