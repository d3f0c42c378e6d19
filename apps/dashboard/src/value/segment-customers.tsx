import type { SegmentName } from '@regulars/contracts';
import { moneyText } from '../money.js';
import { useLoaded } from '../shop/use-loaded.js';
import { useLive } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { CustomerLink } from '../ui/customer-link.js';
import { Panel } from '../ui/panel.js';
import { hrefOf } from '../ui/route.js';

/** The most valuable customers of one segment. */
export function SegmentCustomers({ segment }: { segment: SegmentName }) {
  const { stale } = useLive();
  const { value, error, retry } = useLoaded((api) => api.segmentCustomers(segment), stale.totals);
  const words = strings.value.page;
  const say = strings.value;
  return (
    <Panel
      title={words.segmentTitle(say.segmentNames[segment])}
      tools={
        <a className="chip" href={hrefOf({ page: 'value', segment: null })}>
          {words.allSegments}
        </a>
      }
      hint={value?.length === 0 ? words.segmentEmpty : say.segmentMeanings[segment]}
      error={error}
      onRetry={retry}
      isLoading={value === null}
    >
      {value !== null && value.length > 0 && (
        <div className="scroll" tabIndex={0}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{words.customer}</th>
                <th scope="col" className="table__number">
                  {say.count}
                </th>
                <th scope="col" className="table__number">
                  {say.spent}
                </th>
                <th scope="col">{say.last}</th>
              </tr>
            </thead>
            <tbody>
              {value.map(({ customerId, displayName, value: worth }) => (
                <tr key={customerId}>
                  <th scope="row">
                    <CustomerLink customerId={customerId} told={displayName} />
                  </th>
                  <td className="table__number">{worth.frequency}</td>
                  <td className="table__number">
                    {moneyText({ amountMinor: worth.monetaryMinor, currency: worth.currency })}
                  </td>
                  <td>{say.ago(worth.recencyDays)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
