import { forecastLine, worthLine } from '../customers/worth-words.js';
import { useCustomerValue } from '../shop/use-worth.js';
import { strings } from '../strings.js';

/** A customer's worth in three short lines; nothing while none is known. */
export function WorthCard({ customerId }: { customerId: string }) {
  const { worth } = useCustomerValue(customerId);
  if (worth === null || worth.value === null) return null;
  return (
    <span className="worth-card">
      <span className="tag tag--accent">{strings.value.segmentNames[worth.value.segment]}</span>
      <span>{worthLine(worth.value)}</span>
      {worth.forecast !== null && <span>{forecastLine(worth.forecast)}</span>}
    </span>
  );
}
