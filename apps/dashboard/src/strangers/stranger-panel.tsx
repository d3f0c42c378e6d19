import type { StrangerDetails } from '@regulars/contracts';
import { useState } from 'react';
import { type ApiError, toApiError } from '../api/api-error.js';
import { NewCustomerDialog } from '../customers/new-customer-dialog.js';
import { dayAndTime } from '../format.js';
import { useLoaded } from '../shop/use-loaded.js';
import { useLabels, useShop } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { ConfirmDialog } from '../ui/confirm-dialog.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { Panel } from '../ui/panel.js';
import { goTo } from '../ui/route.js';
import { useNow } from '../ui/use-now.js';

interface StrangerPanelProps {
  readonly pseudonymId: string;
  readonly version: number;
  readonly onChanged: () => void;
}

type Asked =
  | { readonly kind: 'merge'; readonly into: StrangerDetails['alike'][number] }
  | { readonly kind: 'promote' | 'erase' };

/** One stranger: the sightings, who looks alike, and what an operator can say of it. */
export function StrangerPanel({ pseudonymId, version, onChanged }: StrangerPanelProps) {
  const { api } = useShop();
  const { value, error, retry } = useLoaded((shop) => shop.stranger(pseudonymId), version);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const words = strings.strangers;
  const go = (to: string | null) => {
    setAsked(null);
    onChanged();
    goTo({ page: 'strangers', pseudonymId: to });
  };
  const promote = async (customerId: string) => {
    setAsked(null);
    try {
      await api.promoteStranger(pseudonymId, customerId);
      onChanged();
      goTo({ page: 'customers', customerId });
    } catch (thrown) {
      setFailure(toApiError(thrown));
    }
  };
  const title = words.name(value?.label ?? pseudonymId.slice(4, 10));
  return (
    <Panel title={title} error={error} onRetry={retry} isLoading={value === null}>
      {failure !== null && <ErrorNotice error={failure} />}
      {value !== null && (
        <div className="stranger">
          <Passes stranger={value} onSplit={onChanged} />
          <Alike stranger={value} onMerge={(into) => setAsked({ kind: 'merge', into })} />
          <div className="actions">
            <button
              type="button"
              className="button button--danger-quiet"
              onClick={() => setAsked({ kind: 'erase' })}
            >
              {words.erase}
            </button>
            <button type="button" className="button" onClick={() => setAsked({ kind: 'promote' })}>
              {words.promote}
            </button>
          </div>
          <p className="fine">{words.promoteHint}</p>
        </div>
      )}
      {asked?.kind === 'merge' && value !== null && (
        <ConfirmDialog
          title={words.mergeTitle(value.label, asked.into.label)}
          text={words.mergeText}
          confirm={words.merge}
          onClose={() => setAsked(null)}
          onConfirm={async () => {
            await api.mergeStrangers(pseudonymId, asked.into.pseudonymId);
            go(asked.into.pseudonymId);
          }}
        />
      )}
      {asked?.kind === 'erase' && value !== null && (
        <ConfirmDialog
          title={words.eraseTitle(value.label)}
          text={words.eraseText}
          confirm={words.erase}
          onClose={() => setAsked(null)}
          onConfirm={async () => {
            await api.eraseStranger(pseudonymId);
            go(null);
          }}
        />
      )}
      {asked?.kind === 'promote' && (
        <NewCustomerDialog
          onClose={() => setAsked(null)}
          onAdded={({ customerId }) => void promote(customerId)}
        />
      )}
    </Panel>
  );
}

function Passes({ stranger, onSplit }: { stranger: StrangerDetails; onSplit: () => void }) {
  const { api } = useShop();
  const labels = useLabels();
  const now = useNow(60_000);
  const [ticked, setTicked] = useState<readonly string[]>([]);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const words = strings.strangers;
  const { pseudonymId, passes } = stranger;
  const split = async () => {
    setFailure(null);
    try {
      await api.splitStranger(pseudonymId, ticked);
      setTicked([]);
      onSplit();
    } catch (thrown) {
      setFailure(toApiError(thrown));
    }
  };
  const tick = (sightingId: string, isOn: boolean) =>
    setTicked(isOn ? [...ticked, sightingId] : ticked.filter((id) => id !== sightingId));
  return (
    <>
      <h3>{words.passes}</h3>
      {passes.length > 1 && <p className="fine">{words.passesHint}</p>}
      <ul className="visits">
        {passes.map(({ sightingId, cameraId, startedAt, distance }) => (
          <li key={sightingId}>
            <label className="check">
              <input
                type="checkbox"
                checked={ticked.includes(sightingId)}
                disabled={passes.length < 2}
                onChange={({ target }) => tick(sightingId, target.checked)}
              />
              <span>{words.passOf(labels.camera(cameraId), dayAndTime(startedAt, now))}</span>
            </label>
            <span className="soft" title={words.distance}>
              {words.likeness(distance)}
            </span>
          </li>
        ))}
      </ul>
      {failure !== null && <ErrorNotice error={failure} />}
      {ticked.length > 0 && ticked.length < passes.length && (
        <button type="button" className="button" onClick={() => void split()}>
          {words.split}
        </button>
      )}
    </>
  );
}

interface AlikeProps {
  readonly stranger: StrangerDetails;
  readonly onMerge: (into: StrangerDetails['alike'][number]) => void;
}

function Alike({ stranger: { alike }, onMerge }: AlikeProps) {
  const words = strings.strangers;
  return (
    <>
      <h3>{words.alike}</h3>
      <p className="fine">{alike.length === 0 ? words.noneAlike : words.alikeHint}</p>
      <ul className="visits">
        {alike.map((one) => (
          <li key={one.pseudonymId}>
            <span>
              {words.name(one.label)} <span className="soft">{words.likeness(one.distance)}</span>
            </span>
            {one.canBeOne ? (
              <button type="button" className="button button--quiet" onClick={() => onMerge(one)}>
                {words.merge}
              </button>
            ) : (
              <span className="soft">{words.together}</span>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
