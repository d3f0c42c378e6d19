import type { LoyalCustomerView, LoyaltyRule, LoyaltyRules } from '@regulars/contracts';
import { useState } from 'react';
import { dayOf } from '../format.js';
import { moneyText } from '../money.js';
import { useLoaded } from '../shop/use-loaded.js';
import { useLive } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { CustomerLink } from '../ui/customer-link.js';
import { Panel } from '../ui/panel.js';
import { RulesDialog } from './rules-dialog.js';

/** The customers who fulfil a loyalty rule, and the rules. */
export function LoyaltyPanel() {
  const { stale } = useLive();
  const rules = useLoaded((api) => api.loyaltyRules());
  const loyal = useLoaded((api) => api.loyalCustomers(), stale.totals + stale.visits);
  const [isEditing, setEditing] = useState(false);
  const say = strings.value.loyalty;
  return (
    <Panel
      title={say.title}
      tools={
        <button
          type="button"
          className="chip"
          disabled={rules.value === null}
          onClick={() => setEditing(true)}
        >
          {say.change}
        </button>
      }
      hint={say.hint}
      error={rules.error ?? loyal.error}
      onRetry={() => {
        rules.retry();
        loyal.retry();
      }}
      isLoading={rules.value === null}
    >
      {rules.value !== null && <RuleList rules={rules.value} />}
      {loyal.value?.length === 0 && rules.value?.rules.length !== 0 && (
        <p className="soft part__text">{say.none}</p>
      )}
      {rules.value !== null && loyal.value !== null && loyal.value.length > 0 && (
        <LoyalList items={loyal.value} rules={rules.value} />
      )}
      {isEditing && rules.value !== null && (
        <RulesDialog
          rules={rules.value}
          onClose={() => setEditing(false)}
          onSaved={() => {
            setEditing(false);
            rules.request();
            loyal.request();
          }}
        />
      )}
    </Panel>
  );
}

function RuleList({ rules: { rules } }: { rules: LoyaltyRules }) {
  if (rules.length === 0) return <p className="soft part__text">{strings.value.loyalty.noRules}</p>;
  return (
    <ul className="rules part__text">
      {rules.map((rule) => (
        <li key={rule.ruleId}>{ruleText(rule)}</li>
      ))}
    </ul>
  );
}

function ruleText({ name, minVisitDays, minSpendMinor, currency, periodDays }: LoyaltyRule): string {
  const spend =
    minSpendMinor === undefined || currency === undefined
      ? null
      : moneyText({ amountMinor: minSpendMinor, currency });
  return strings.value.loyalty.rule(name, minVisitDays ?? null, spend, periodDays);
}

function LoyalList({ items, rules }: { items: readonly LoyalCustomerView[]; rules: LoyaltyRules }) {
  const say = strings.value.loyalty;
  const names = new Map(rules.rules.map(({ ruleId, name }) => [ruleId, name]));
  return (
    <div className="scroll" tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{strings.value.page.customer}</th>
            <th scope="col">{say.ruleColumn}</th>
            <th scope="col" className="table__number">
              {say.daysHere}
            </th>
            <th scope="col">{say.since}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={`${item.customerId} ${item.ruleId}`}>
              <th scope="row">
                <CustomerLink customerId={item.customerId} told={item.displayName} />
              </th>
              <td>{names.get(item.ruleId) ?? item.ruleId}</td>
              <td className="table__number">{item.visitDays}</td>
              <td>{dayOf(item.reachedAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
