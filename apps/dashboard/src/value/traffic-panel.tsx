import { useState } from 'react';
import type { Span } from '../api/value-api.js';
import { Bars, everyNth } from '../charts/bars.js';
import { countText, percentText } from '../format.js';
import { useLoaded } from '../shop/use-loaded.js';
import { useLive } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { Chips } from '../ui/chips.js';
import { Panel } from '../ui/panel.js';
import { linesOf, spanOf, timeText, totalOf, type TrafficLine } from './traffic.js';

/** When customers come, and how many visits end with a purchase. */
export function TrafficPanel() {
  const [by, setBy] = useState<Span['by']>('day');
  const words = strings.value.page;
  return (
    <Panel
      title={words.traffic}
      tools={
        <Chips
          label={words.traffic}
          value={by}
          onChange={setBy}
          options={[
            ['hour', words.by.hour],
            ['day', words.by.day],
            ['month', words.by.month],
          ]}
        />
      }
    >
      <Traffic key={by} by={by} />
    </Panel>
  );
}

function Traffic({ by }: { by: Span['by'] }) {
  const { stale } = useLive();
  const { value, error } = useLoaded(async (api) => {
    const span = spanOf(by, new Date());
    const [traffic, conversion] = await Promise.all([api.traffic(span), api.conversion(span)]);
    return linesOf(traffic, conversion, span);
  }, stale.visits + stale.totals);
  const words = strings.value.page;
  if (value === null) {
    return <p className="soft part__text">{error === null ? `${strings.loading}…` : error.message}</p>;
  }
  const total = totalOf(value);
  if (total.visits === 0 && total.sales === 0) return <p className="soft part__text">{words.noTraffic}</p>;
  const every = everyNth(value.length, 5);
  return (
    <div className="part__text">
      <p className="legend" aria-hidden="true">
        <span className="legend__regulars" /> {words.regulars} <span className="legend__guests" />{' '}
        {words.guests}
      </p>
      <Bars
        label={words.trafficLabel(
          value.map((line) => `${timeText(line.time)}: ${countText(line.visits)}`).join('; '),
        )}
        bars={value.map((line, index) => ({
          key: line.time,
          label: index % every === 0 ? timeText(line.time) : '',
          values: [line.visits - line.strangers, line.strangers],
          text: value.length <= 16 && line.visits > 0 ? countText(line.visits) : '',
        }))}
      />
      <p className="conversion">
        {total.visits === 0 || total.sales === 0
          ? words.noConversion
          : words.conversionTotal(
              percentText(total.buyingVisits / total.visits),
              countText(total.buyingVisits),
              countText(total.visits),
            )}{' '}
        {total.sales > 0 && words.conversionExpected(total.expectedBuyingVisits.toFixed(1))}
      </p>
      <details className="as-table">
        <summary>{strings.value.asTable}</summary>
        <div className="scroll" tabIndex={0}>
          <Table lines={value} />
        </div>
      </details>
    </div>
  );
}

function Table({ lines }: { lines: readonly TrafficLine[] }) {
  const words = strings.value.page;
  const numbers = [words.visits, words.regulars, words.guests, words.buying, words.sales, words.conversion];
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{words.time}</th>
          {numbers.map((name) => (
            <th key={name} scope="col" className="table__number">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.time}>
            <th scope="row">{timeText(line.time)}</th>
            <td className="table__number">{countText(line.visits)}</td>
            <td className="table__number">{countText(line.visits - line.strangers)}</td>
            <td className="table__number">{countText(line.strangers)}</td>
            <td className="table__number">{countText(line.buyingVisits)}</td>
            <td className="table__number">{countText(line.sales)}</td>
            <td className="table__number">{line.conversion === null ? '' : percentText(line.conversion)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
