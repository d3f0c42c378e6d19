import type { IssuedTokenView, TokenView } from '@regulars/contracts';
import { type FormEvent, useState } from 'react';
import { dayOf } from '../format.js';
import { useLoaded } from '../shop/use-loaded.js';
import { useShop } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { ConfirmDialog } from '../ui/confirm-dialog.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { Field } from '../ui/field.js';
import { Panel } from '../ui/panel.js';
import { useWork } from '../ui/use-work.js';
import { NewKeyDialog } from './new-key-dialog.js';

const LONGEST = 80;

/** The keys with which tills post sales: making one, shown once, and revoking one. */
export function KeysPanel() {
  const { api } = useShop();
  const { value, error, retry, request } = useLoaded((shop) => shop.tokens());
  const [made, setMade] = useState<IssuedTokenView | null>(null);
  const [revoking, setRevoking] = useState<TokenView | null>(null);
  const words = strings.sales;
  const keys = value?.filter(({ role }) => role === 'till') ?? [];
  return (
    <Panel title={words.keys} hint={words.keysHint} error={error} onRetry={retry} isLoading={value === null}>
      {value !== null && keys.length === 0 && <p className="soft part__text">{words.noKeys}</p>}
      {keys.length > 0 && <Keys keys={keys} onRevoke={setRevoking} />}
      <NewKey
        onMade={(key) => {
          setMade(key);
          request();
        }}
      />
      {made !== null && <NewKeyDialog made={made} onClose={() => setMade(null)} />}
      {revoking !== null && (
        <ConfirmDialog
          title={words.revokeTitle(revoking.name)}
          text={words.revokeText}
          confirm={words.revoke}
          onClose={() => setRevoking(null)}
          onConfirm={async () => {
            await api.revokeToken(revoking.tokenId);
            request();
            setRevoking(null);
          }}
        />
      )}
    </Panel>
  );
}

function Keys({ keys, onRevoke }: { keys: readonly TokenView[]; onRevoke: (key: TokenView) => void }) {
  const words = strings.sales;
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{words.column.name}</th>
          <th scope="col">{words.column.made}</th>
          <th scope="col">{words.column.state}</th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr key={key.tokenId}>
            <th scope="row">{key.name}</th>
            <td>{dayOf(key.createdAt)}</td>
            <td>
              {key.revokedAt === null ? (
                <button
                  type="button"
                  className="button button--danger-quiet"
                  aria-label={words.revokeOf(key.name)}
                  onClick={() => onRevoke(key)}
                >
                  {words.revoke}
                </button>
              ) : (
                <span className="soft">{words.revokedOn(dayOf(key.revokedAt))}</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function NewKey({ onMade }: { onMade: (key: IssuedTokenView) => void }) {
  const { api } = useShop();
  const [name, setName] = useState('');
  const [isChecked, setChecked] = useState(false);
  const { isBusy, error, run } = useWork();
  const words = strings.sales;
  const trimmed = name.trim();
  const isWrong = trimmed === '' || trimmed.length > LONGEST;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (isWrong) return;
    await run(async () => {
      onMade(await api.addTillToken(trimmed));
      setName('');
      setChecked(false);
    });
  };
  return (
    <form className="campaign" noValidate onSubmit={(event) => void submit(event)}>
      <div className="campaign__fields">
        <Field
          label={words.keyName}
          hint={words.keyNameHint}
          value={name}
          error={isChecked && isWrong ? words.keyNameError : undefined}
          onChange={({ target }) => setName(target.value)}
        />
        <button type="submit" className="button" disabled={isBusy}>
          {words.makeKey}
        </button>
      </div>
      {error !== null && <ErrorNotice error={error} />}
    </form>
  );
}
