import type { StrangerView } from '@regulars/contracts';
import { dayAndTime } from '../format.js';
import { useLoaded } from '../shop/use-loaded.js';
import { useLive } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { ErrorBoundary } from '../ui/error-boundary.js';
import { Panel } from '../ui/panel.js';
import { hrefOf } from '../ui/route.js';
import { useNow } from '../ui/use-now.js';
import { useState } from 'react';
import { StrangerChanges } from './stranger-changes.js';
import { StrangerPanel } from './stranger-panel.js';

/** Strangers who come again: the list, one of them with the evidence, and what was changed. */
export function StrangersPage({ pseudonymId }: { pseudonymId: string | null }) {
  const { stale } = useLive();
  const [changes, setChanges] = useState(0);
  const version = stale.visits + changes;
  const { value, error, retry } = useLoaded((api) => api.strangers(), version);
  const words = strings.strangers;
  const onChanged = () => setChanges((count) => count + 1);
  return (
    <>
      <header className="section-head">
        <h1>{words.title}</h1>
      </header>
      <Panel title={words.title} hint={words.hint} error={error} onRetry={retry} isLoading={value === null}>
        {value?.length === 0 && <p className="soft part__text">{words.none}</p>}
        {value !== null && value.length > 0 && <Strangers strangers={value} chosenId={pseudonymId} />}
      </Panel>
      {pseudonymId !== null && (
        <ErrorBoundary key={pseudonymId}>
          <StrangerPanel
            key={pseudonymId}
            pseudonymId={pseudonymId}
            version={version}
            onChanged={onChanged}
          />
        </ErrorBoundary>
      )}
      <StrangerChanges version={changes} onChanged={onChanged} />
    </>
  );
}

function Strangers({ strangers, chosenId }: { strangers: readonly StrangerView[]; chosenId: string | null }) {
  const now = useNow(60_000);
  const words = strings.strangers;
  return (
    <div className="strangers__table">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{words.column.who}</th>
            <th scope="col">{words.column.last}</th>
            <th scope="col">{words.column.first}</th>
            <th scope="col">{words.column.sightings}</th>
            <th scope="col">{words.column.ends}</th>
          </tr>
        </thead>
        <tbody>
          {strangers.map(({ pseudonymId, label, lastSeenAt, firstSeenAt, sightings, kind }) => (
            <tr key={pseudonymId}>
              <th scope="row">
                <a
                  href={hrefOf({ page: 'strangers', pseudonymId })}
                  aria-current={pseudonymId === chosenId ? 'true' : undefined}
                >
                  {words.name(label)}
                </a>
              </th>
              <td>{dayAndTime(lastSeenAt, now)}</td>
              <td>{dayAndTime(firstSeenAt, now)}</td>
              <td>{sightings}</td>
              <td>{words.kind[kind]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
