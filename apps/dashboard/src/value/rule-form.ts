import { currencyDigits, isCurrency, type LoyaltyRule, minorOf } from '@regulars/contracts';
import { slugOf } from '../format.js';

/** A loyalty rule as it is typed. */
export interface RuleForm {
  /** Empty for a new rule. */
  readonly ruleId: string;
  readonly name: string;
  readonly period: string;
  readonly visits: string;
  readonly spend: string;
  readonly currency: string;
}

export type RuleField = 'name' | 'period' | 'visits' | 'spend' | 'currency';

export const NEW_RULE: RuleForm = {
  ruleId: '',
  name: '',
  period: '30',
  visits: '4',
  spend: '',
  currency: 'EUR',
};

const DAYS_MOST = 730;
const NAME_LONGEST = 80;

/** A rule as text to change. */
export function formOf(rule: LoyaltyRule): RuleForm {
  const { ruleId, name, periodDays, minVisitDays, minSpendMinor, currency } = rule;
  return {
    ruleId,
    name,
    period: String(periodDays),
    visits: minVisitDays === undefined ? '' : String(minVisitDays),
    spend: minSpendMinor === undefined || currency === undefined ? '' : decimalOf(minSpendMinor, currency),
    currency: currency ?? NEW_RULE.currency,
  };
}

/** What is wrong with a rule as typed; empty when nothing is. */
export function wrongFields(form: RuleForm): readonly RuleField[] {
  const wrong: RuleField[] = [];
  const name = form.name.trim();
  const hasSpend = form.spend.trim() !== '';
  if (name === '' || name.length > NAME_LONGEST) wrong.push('name');
  if (daysOf(form.period) === null) wrong.push('period');
  const isVisitsEmpty = form.visits.trim() === '';
  if (isVisitsEmpty ? !hasSpend : daysOf(form.visits) === null) wrong.push('visits');
  const currency = form.currency.trim().toUpperCase();
  if (hasSpend && !isCurrency(currency)) wrong.push('currency');
  if (hasSpend && (minorOf(decimalPoint(form.spend), currency) ?? 0) <= 0) wrong.push('spend');
  return wrong;
}

/** The rules that were typed; each new one gets an id made from its name that no other rule has. They must have
 *  no wrong field. */
export function rulesOf(forms: readonly RuleForm[]): LoyaltyRule[] {
  const taken = new Set(forms.map(({ ruleId }) => ruleId).filter((ruleId) => ruleId !== ''));
  return forms.map((form) => {
    const ruleId = form.ruleId === '' ? freeId(slugOf(form.name) || 'rule', taken) : form.ruleId;
    taken.add(ruleId);
    const visits = daysOf(form.visits);
    const currency = form.currency.trim().toUpperCase();
    const spend = form.spend.trim() === '' ? null : minorOf(decimalPoint(form.spend), currency);
    return {
      ruleId,
      name: form.name.trim(),
      periodDays: daysOf(form.period) ?? 1,
      ...(visits === null ? {} : { minVisitDays: visits }),
      ...(spend === null ? {} : { minSpendMinor: spend, currency }),
    };
  });
}

function freeId(wanted: string, taken: ReadonlySet<string>): string {
  let id = wanted;
  for (let number = 2; taken.has(id); number++) id = `${wanted.slice(0, 36)}-${number}`;
  return id;
}

function daysOf(text: string): number | null {
  const days = /^\d{1,3}$/.test(text.trim()) ? Number(text) : 0;
  return days >= 1 && days <= DAYS_MOST ? days : null;
}

function decimalPoint(text: string): string {
  return text.trim().replace(',', '.');
}

function decimalOf(minor: number, currency: string): string {
  const digits = currencyDigits(currency);
  return (minor / 10 ** digits).toFixed(digits);
}
