import { LoyaltyReached, type LoyaltyRule, type Telemetry } from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import { dateOfDay, dayOfDate } from '@regulars/customer-value';
import type { Publisher } from '@regulars/messaging';
import type {
  AttendanceRepository,
  CustomersRepository,
  LedgerRepository,
  LoyaltyRepository,
  ValueModels,
  ValuesRepository,
} from '@regulars/persistence';
import { figuresOf, isLoyal, type Deeds } from './loyalty.js';
import type { Today } from './values.js';

export interface LoyaltyShelves {
  readonly models: ValueModels;
  readonly loyalty: LoyaltyRepository;
  readonly attendance: AttendanceRepository;
  readonly ledger: LedgerRepository;
  readonly values: ValuesRepository;
  readonly customers: CustomersRepository;
}

/** Keeps the list of loyal customers. */
export class LoyaltyBook {
  constructor(
    private readonly shelves: LoyaltyShelves,
    private readonly publisher: Publisher,
    private readonly telemetry: Telemetry,
  ) {}

  /** Looks at one customer, who bought or was seen. */
  async check(customerId: string, today: Today): Promise<void> {
    const { rules } = await this.shelves.models.loyaltyRules();
    if (rules.length > 0) await this.checkRules(customerId, rules, today);
  }

  /** Looks at everybody: rules were edited, or time went by. */
  async checkAll(today: Today): Promise<void> {
    const { models, loyalty, values, customers } = this.shelves;
    const { rules } = await models.loyaltyRules();
    const known = new Set(rules.map(({ ruleId }) => ruleId));
    const seen = new Set<string>();
    for await (const { ruleId, customerId } of loyalty.each())
      if (known.has(ruleId)) seen.add(customerId);
      else await loyalty.remove(ruleId, customerId);
    if (rules.length === 0) return;
    for await (const { value } of values.each()) seen.add(value.customerId);
    let cursor: string | null = null;
    do {
      const page = await customers.list({ limit: 500, ...(cursor === null ? {} : { cursor }) });
      for (const { customerId } of page.items) seen.add(customerId);
      cursor = page.nextCursor;
    } while (cursor !== null);
    for (const customerId of seen) await this.checkRules(customerId, rules, today);
  }

  private async checkRules(customerId: string, rules: readonly LoyaltyRule[], today: Today): Promise<void> {
    const longest = Math.max(...rules.map(({ periodDays }) => periodDays));
    const deeds = await this.deedsOf(customerId, today.day - longest);
    for (const rule of rules) await this.enter(customerId, rule, deeds, today);
  }

  private async deedsOf(customerId: string, fromDay: number): Promise<Deeds> {
    const { attendance, ledger } = this.shelves;
    const from = dateOfDay(fromDay);
    const seenDays: number[] = [];
    for await (const { day } of attendance.each({ customerId, from })) seenDays.push(dayOfDate(day));
    const entries = [];
    for await (const { entry } of ledger.ofOwner(customerId, `${from}T00:00:00.000Z`))
      if (entry.counts) entries.push(entry);
    return { seenDays, entries };
  }

  private async enter(customerId: string, rule: LoyaltyRule, deeds: Deeds, today: Today): Promise<void> {
    const { loyalty } = this.shelves;
    const { ruleId } = rule;
    const figures = figuresOf(rule, deeds, today.day);
    const known = await loyalty.get(ruleId, customerId);
    if (!isLoyal(rule, figures)) {
      if (known) await loyalty.remove(ruleId, customerId);
      return;
    }
    const loyal = { customerId, ruleId, ...figures, reachedAt: known?.reachedAt ?? today.at };
    if (known === null) {
      const eventId = idFrom('evt', customerId, 'loyalty', ruleId, today.day);
      await this.publisher.publish(LoyaltyReached, loyal, { eventId });
      this.telemetry.meter.count('regulars_loyalty_reached_total', { rule: ruleId });
    }
    await loyalty.enter(loyal);
  }
}
