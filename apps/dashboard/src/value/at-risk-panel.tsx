import type { CustomerForecastView } from '@regulars/contracts';
import { useState } from 'react';
import { percentText } from '../format.js';
import { roughMoney } from '../money.js';
import { useLoaded } from '../shop/use-loaded.js';
import { useLive } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { Chips } from '../ui/chips.js';
import { CustomerLink } from '../ui/customer-link.js';
import { Panel } from '../ui/panel.js';
import { CampaignForm } from './campaign-form.js';

/** Who will probably stay away and who will spend most, and the list for a campaign. */
export function AtRiskPanel() {
  const [order, setOrder] = useState<'churn' | 'spend'>('churn');
  const words = strings.value.page;
  return (
    <Panel
      title={words.forecastTitle}
      tools={
        <Chips
          label={words.listFirst}
          value={order}
          onChange={setOrder}
          options={[
            ['churn', words.atRisk],
            ['spend', words.valuable],
          ]}
        />
      }
    >
      <Forecasts key={order} order={order} />
      <CampaignForm />
    </Panel>
  );
}

function Forecasts({ order }: { order: 'churn' | 'spend' }) {
  const { stale } = useLive();
  const { value, error } = useLoaded((api) => api.forecasts(order), stale.totals);
  const words = strings.value.page;
  if (value === null) {
    return <p className="soft part__text">{error === null ? `${strings.loading}…` : error.message}</p>;
  }
  if (value.length === 0) return <p className="soft part__text">{words.noForecasts}</p>;
  return (
    <div className="scroll" tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{words.customer}</th>
            <th scope="col" className="table__number">
              {words.staysAway}
            </th>
            <th scope="col" className="table__number">
              {words.expected}
            </th>
          </tr>
        </thead>
        <tbody>
          {value.map((item) => (
            <Row key={item.customerId} item={item} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ item: { customerId, displayName, forecast } }: { item: CustomerForecastView }) {
  const { expectedSpendMinor: amountMinor, currency, churnProbability } = forecast;
  return (
    <tr>
      <th scope="row">
        <CustomerLink customerId={customerId} told={displayName} />
      </th>
      <td className="table__number">{percentText(churnProbability)}</td>
      <td className="table__number">{roughMoney({ amountMinor, currency })}</td>
    </tr>
  );
}
