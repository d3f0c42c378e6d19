import type { CustomerValueView, ValueSummary } from '@regulars/contracts';
import { Bars, everyNth } from '../charts/bars.js';
import { dayText, monthText } from '../format.js';
import { moneyText, roughMoney } from '../money.js';
import { useCustomerValue } from '../shop/use-worth.js';
import { strings } from '../strings.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { ForecastPanel } from './forecast-panel.js';
import { lastMonths } from './months.js';

/** Months shown as bars. */
const MONTHS_SHOWN = 24;

/** What a customer is worth, by month, and what is expected; renewed by every sale. */
export function WorthPanel({ customerId }: { customerId: string }) {
  const { value: view, worth, error, retry } = useCustomerValue(customerId);
  const say = strings.value;
  if (view === null && error !== null) {
    return <ErrorNotice error={error} title={say.loadFailed} onRetry={retry} />;
  }
  if (view === null) return null;
  const value = worth === null ? view.value : worth.value;
  const forecast = worth === null ? view.forecast : worth.forecast;
  return (
    <>
      <section className="details__part">
        <h3>{say.title}</h3>
        {value === null ? <p className="soft">{say.none}</p> : <Summary value={value} view={view} />}
      </section>
      {value !== null && <Months view={view} currency={value.currency} />}
      {value !== null && <ForecastPanel forecast={forecast} />}
    </>
  );
}

function Summary({ value, view }: { value: ValueSummary; view: CustomerValueView }) {
  const say = strings.value;
  const { scores, currency } = value;
  const facts = [
    [say.last, say.ago(value.recencyDays), say.score(scores.recency)],
    [say.count, String(value.frequency), say.score(scores.frequency)],
    [say.spent, moneyText({ amountMinor: value.monetaryMinor, currency }), say.score(scores.monetary)],
    [say.class, say.classNames[value.class], null],
  ] as const;
  return (
    <>
      <p className="worth-segment">
        <span className="tag tag--accent">{say.segmentNames[value.segment]}</span>{' '}
        {say.segmentMeanings[value.segment]}
      </p>
      <dl className="facts">
        {facts.map(([name, text, score]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {text} {score !== null && <span className="fine">({score})</span>}
            </dd>
          </div>
        ))}
      </dl>
      <dl className="facts facts--fine">
        {view.windows.map(({ days, purchases, spendMinor }) => (
          <div key={days}>
            <dt>{say.windows(days)}</dt>
            <dd>{say.window(purchases, moneyText({ amountMinor: spendMinor, currency }))}</dd>
          </div>
        ))}
      </dl>
      <p className="fine">
        {say.scoreHint} {view.firstPurchaseOn !== null && `${say.first(dayText(view.firstPurchaseOn))}.`}
      </p>
    </>
  );
}

function Months({ view, currency }: { view: CustomerValueView; currency: string }) {
  const say = strings.value;
  const months = lastMonths(view.months, currency, MONTHS_SHOWN);
  if (months.length === 0) return null;
  const every = everyNth(months.length, 6);
  const parts = months
    .filter(({ spendMinor }) => spendMinor > 0)
    .map(
      ({ month, spendMinor }) => `${monthText(month)}: ${roughMoney({ amountMinor: spendMinor, currency })}`,
    )
    .join('; ');
  return (
    <section className="details__part">
      <h3>{say.months}</h3>
      <Bars
        isSmall
        label={say.monthsLabel(parts)}
        bars={months.map(({ month, spendMinor }, index) => ({
          key: month,
          label: (months.length - 1 - index) % every === 0 ? monthText(month) : '',
          values: [spendMinor],
          text: '',
        }))}
      />
      <details className="as-table">
        <summary>{say.asTable}</summary>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{say.month}</th>
              <th scope="col" className="table__number">
                {say.purchases}
              </th>
              <th scope="col" className="table__number">
                {say.spent}
              </th>
              <th scope="col" className="table__number">
                {say.refunded}
              </th>
            </tr>
          </thead>
          <tbody>
            {months
              .filter(({ purchases, refundsMinor }) => purchases > 0 || refundsMinor > 0)
              .reverse()
              .map(({ month, purchases, spendMinor, refundsMinor }) => (
                <tr key={month}>
                  <th scope="row">{monthText(month)}</th>
                  <td className="table__number">{purchases}</td>
                  <td className="table__number">{moneyText({ amountMinor: spendMinor, currency })}</td>
                  <td className="table__number">{moneyText({ amountMinor: refundsMinor, currency })}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}
