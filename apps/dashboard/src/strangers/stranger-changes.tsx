import { pseudonymLabel } from '@regulars/contracts';
import { useState } from 'react';
import { type ApiError, toApiError } from '../api/api-error.js';
import { dayAndTime } from '../format.js';
import { useLoaded } from '../shop/use-loaded.js';
import { useShop } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { Panel } from '../ui/panel.js';
import { useNow } from '../ui/use-now.js';

/** What operators merged, split and promoted, with the way back. */
export function StrangerChanges({ version, onChanged }: { version: number; onChanged: () => void }) {
  const { api } = useShop();
  const { value, error, retry } = useLoaded((shop) => shop.strangerChanges(), version);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const now = useNow(60_000);
  const words = strings.strangers;
  const undo = async (changeId: string) => {
    setFailure(null);
    try {
      await api.undoStrangerChange(changeId);
      onChanged();
    } catch (thrown) {
      setFailure(toApiError(thrown));
    }
  };
  return (
    <Panel title={words.changes} error={error} onRetry={retry} isLoading={value === null}>
      {failure !== null && <ErrorNotice error={failure} />}
      {value?.length === 0 && <p className="soft part__text">{words.noChanges}</p>}
      <div className="stranger">
        <ul className="visits">
          {value?.map(({ changeId, kind, from, into, at, sightingIds, undoneAt }) => (
            <li key={changeId}>
              <span>
                {words.change[kind](pseudonymLabel(from), pseudonymLabel(into), sightingIds.length)}{' '}
                <span className="soft">{dayAndTime(at, now)}</span>
              </span>
              {undoneAt !== null && <span className="soft">{words.undone(dayAndTime(undoneAt, now))}</span>}
              {undoneAt === null && kind !== 'promote' && (
                <button type="button" className="button button--quiet" onClick={() => void undo(changeId)}>
                  {words.undo}
                </button>
              )}
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  );
}
