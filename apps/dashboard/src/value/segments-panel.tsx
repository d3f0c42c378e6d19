import type { SegmentName, SegmentsView } from '@regulars/contracts';
import { share } from '../charts/bars.js';
import { countText, dayOf, percentText } from '../format.js';
import { roughMoney } from '../money.js';
import { useLoaded } from '../shop/use-loaded.js';
import { useLive } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { Panel } from '../ui/panel.js';
import { hrefOf } from '../ui/route.js';

/** How many customers are in each segment; a segment leads to its customers. */
export function SegmentsPanel({ chosen }: { chosen: SegmentName | null }) {
  const { stale } = useLive();
  const { value, error, retry } = useLoaded((api) => api.segments(), stale.totals);
  const words = strings.value.page;
  return (
    <Panel
      title={words.segments}
      hint={value === null ? undefined : hintOf(value)}
      error={error}
      onRetry={retry}
      isLoading={value === null}
    >
      {value !== null && value.customers > 0 && <Segments view={value} chosen={chosen} />}
    </Panel>
  );
}

function hintOf({ customers, computedAt }: SegmentsView): string {
  const words = strings.value.page;
  if (customers === 0) return words.noSegments;
  return computedAt === null
    ? words.segmentsNever
    : words.segmentsHint(dayOf(computedAt), countText(customers));
}

function Segments({ view, chosen }: { view: SegmentsView; chosen: SegmentName | null }) {
  const words = strings.value.page;
  const most = Math.max(...view.segments.map((segment) => segment.share));
  const { segmentNames, segmentMeanings, classNames } = strings.value;
  return (
    <>
      <table className="table segments">
        <thead>
          <tr>
            <th scope="col">{words.segment}</th>
            <th scope="col" className="table__number">
              {words.customers}
            </th>
            <th scope="col">{words.share}</th>
            <th scope="col" className="table__number">
              {words.spend}
            </th>
          </tr>
        </thead>
        <tbody>
          {view.segments.map(({ segment, customers, share: part, spend }) => (
            <tr key={segment} aria-current={segment === chosen ? 'true' : undefined}>
              <th scope="row">
                <a href={hrefOf({ page: 'value', segment: segment === chosen ? null : segment })}>
                  {segmentNames[segment]}
                </a>
                <span className="segments__meaning">{segmentMeanings[segment]}</span>
              </th>
              <td className="table__number">{countText(customers)}</td>
              <td>
                <span className="meter">
                  <span className="meter__track" aria-hidden="true">
                    <span className="meter__part" style={share(most === 0 ? 0 : part / most)} />
                  </span>
                  {percentText(part)}
                </span>
              </td>
              <td className="table__number">
                {spend
                  .map(({ spendMinor: amountMinor, currency }) => roughMoney({ amountMinor, currency }))
                  .join(' + ') || '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="fine">
        {words.classes}:{' '}
        {view.classes.map((each) => `${classNames[each.class]} ${countText(each.customers)}`).join(', ')}.
      </p>
    </>
  );
}
