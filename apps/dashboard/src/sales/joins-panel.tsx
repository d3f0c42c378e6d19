import type { SaleJoinView } from '@regulars/contracts';
import { useState } from 'react';
import { dayAndTime, percentText } from '../format.js';
import { moneyText } from '../money.js';
import { useLoaded } from '../shop/use-loaded.js';
import { useLive, useShop } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { CustomerLink } from '../ui/customer-link.js';
import { Panel } from '../ui/panel.js';
import { NotTheirsDialog } from './not-theirs-dialog.js';

/** The latest sales that were joined to visits at their tills, and where an operator says that one is not. */
export function JoinsPanel() {
  const { api } = useShop();
  const { stale } = useLive();
  const { value, error, retry, request } = useLoaded((shop) => shop.saleJoins(), stale.totals);
  const [denying, setDenying] = useState<SaleJoinView | null>(null);
  const words = strings.sales.joins;
  const withdraw = async (saleId: string) => {
    await api.withdrawSaleCorrection(saleId);
    request();
  };
  return (
    <Panel title={words.title} hint={words.hint} error={error} onRetry={retry} isLoading={value === null}>
      {value !== null && value.length === 0 && <p className="soft part__text">{words.none}</p>}
      {value !== null && value.length > 0 && (
        <div className="scroll" tabIndex={0}>
          <Joins joins={value} onDeny={setDenying} onWithdraw={withdraw} />
        </div>
      )}
      {denying !== null && (
        <NotTheirsDialog
          join={denying}
          onClose={() => setDenying(null)}
          onSaid={() => {
            setDenying(null);
            request();
          }}
        />
      )}
    </Panel>
  );
}

interface JoinsProps {
  readonly joins: readonly SaleJoinView[];
  readonly onDeny: (join: SaleJoinView) => void;
  readonly onWithdraw: (saleId: string) => Promise<void>;
}

function Joins({ joins, onDeny, onWithdraw }: JoinsProps) {
  const words = strings.sales.joins;
  const now = new Date();
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{words.column.time}</th>
          <th scope="col" className="table__number">
            {words.column.amount}
          </th>
          <th scope="col">{words.column.customer}</th>
          <th scope="col" className="table__number">
            {words.column.probability}
          </th>
        </tr>
      </thead>
      <tbody>
        {joins.map((join) => (
          <tr key={join.saleId}>
            <th scope="row">{dayAndTime(join.soldAt, now)}</th>
            <td className="table__number">
              {join.amountMinor !== null && join.currency !== null
                ? moneyText({ amountMinor: join.amountMinor, currency: join.currency })
                : '–'}
            </td>
            <td>
              <Buyer join={join} />
              <Correction join={join} onDeny={onDeny} onWithdraw={onWithdraw} />
            </td>
            <td className="table__number">
              {percentText(join.probability)}
              {!join.isSure && <span className="table__note">{words.unsure}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Buyer({ join: { customerId, displayName, visitId } }: { join: SaleJoinView }) {
  const words = strings.sales.joins;
  if (customerId !== null) return <CustomerLink customerId={customerId} told={displayName} />;
  return <span className="soft">{visitId === null ? words.nobody : words.stranger}</span>;
}

function Correction({
  join,
  onDeny,
  onWithdraw,
}: Omit<JoinsProps, 'joins'> & { readonly join: SaleJoinView }) {
  const words = strings.sales.joins;
  const [isFailed, setFailed] = useState(false);
  const isOpen = join.customerId !== null && !join.isNamed;
  if (!isOpen && join.correction === null)
    return join.isNamed ? <span className="table__note">{words.named}</span> : null;
  return (
    <div>
      {isOpen && (
        <button type="button" className="chip" title={words.denyHint} onClick={() => onDeny(join)}>
          {words.deny}
        </button>
      )}
      {join.correction !== null && (
        <button
          type="button"
          className="chip"
          title={words.withdrawHint}
          onClick={() => void onWithdraw(join.saleId).catch(() => setFailed(true))}
        >
          {isFailed ? words.failed : words.withdraw}
        </button>
      )}
    </div>
  );
}
