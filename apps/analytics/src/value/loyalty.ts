import type { LoyaltyRule } from '@regulars/contracts';
import type { LedgerEntry } from '@regulars/persistence';

/** What a customer did that loyalty rules ask about. */
export interface Deeds {
  /** Days since 1970-01-01 on which the customer was seen. */
  readonly seenDays: readonly number[];
  /** What counts of the ledger. */
  readonly entries: readonly Pick<LedgerEntry, 'kind' | 'day' | 'amountMinor' | 'currency'>[];
}

export interface LoyaltyFigures {
  /** Days in the period on which the customer was seen or bought: a card holder without a face on file counts
   *  too, and who is seen and buys on one day counts once. */
  readonly visitDays: number;
  /** Spent less given back in the rule's currency, never below 0. */
  readonly spendMinor: number;
}

/** @param today the last day of the period */
export function figuresOf(rule: LoyaltyRule, { seenDays, entries }: Deeds, today: number): LoyaltyFigures {
  const isInPeriod = (day: number) => day > today - rule.periodDays && day <= today;
  const inPeriod = entries.filter(({ day }) => isInPeriod(day));
  const bought = inPeriod.filter(({ kind, amountMinor }) => kind === 'sale' && amountMinor > 0);
  const days = new Set([...seenDays.filter(isInPeriod), ...bought.map(({ day }) => day)]);
  const spent = inPeriod
    .filter(({ currency }) => currency === rule.currency)
    .reduce((sum, { kind, amountMinor }) => sum + (kind === 'sale' ? amountMinor : -amountMinor), 0);
  return { visitDays: days.size, spendMinor: Math.max(0, spent) };
}

/** Whether the figures are those of a loyal customer: every bound that the rule names is reached. */
export function isLoyal(rule: LoyaltyRule, { visitDays, spendMinor }: LoyaltyFigures): boolean {
  return visitDays >= (rule.minVisitDays ?? 0) && spendMinor >= (rule.minSpendMinor ?? 0);
}
