import type { CohortsView } from '@regulars/contracts';
import { share } from '../charts/bars.js';
import { countText, monthText } from '../format.js';
import { useLoaded } from '../shop/use-loaded.js';
import { useLive } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { Panel } from '../ui/panel.js';
import { retentionOf } from './retention.js';

/** Months across at most; older cohorts are cut off at the right. */
const MONTHS_ACROSS = 24;

/** How many of each first month's customers came back, month by month: a table whose ground repeats the number. */
export function CohortsPanel() {
  const { stale } = useLive();
  const { value, error, retry } = useLoaded((api) => api.cohorts(), stale.totals);
  const words = strings.value.page;
  const isEmpty = value !== null && value.cohorts.length === 0;
  return (
    <Panel
      title={words.cohorts}
      hint={isEmpty ? words.cohortsEmpty : words.cohortsHint}
      error={error}
      onRetry={retry}
      isLoading={value === null}
    >
      {value !== null && !isEmpty && <Matrix view={value} />}
    </Panel>
  );
}

function Matrix({ view }: { view: CohortsView }) {
  const words = strings.value.page;
  const lines = retentionOf(view, MONTHS_ACROSS);
  const width = Math.max(...lines.map(({ shares }) => shares.length));
  const columns = Array.from({ length: width }, (_, index) => index);
  return (
    <div className="scroll scroll--wide" tabIndex={0}>
      <table className="heat">
        <thead>
          <tr>
            <th scope="col">{words.cohort}</th>
            <th scope="col" className="table__number">
              {words.customers}
            </th>
            {columns.slice(1).map((column) => (
              <th key={column} scope="col">
                {words.later(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ month, customers, shares }) => (
            <tr key={month}>
              <th scope="row">{monthText(month)}</th>
              <td className="table__number">{countText(customers)}</td>
              {columns.slice(1).map((column) => {
                const part = shares[column];
                return part === undefined ? (
                  <td key={column} className="heat__none" />
                ) : (
                  <td key={column} className="heat__cell" style={share(part)}>
                    {Math.round(part * 100)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
