import type { IdentityBudgetView } from '@regulars/contracts';
import { type FormEvent, useState } from 'react';
import { useLoaded } from '../shop/use-loaded.js';
import { useShop } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { ErrorNotice } from '../ui/error-notice.js';

/** How many wrong recognitions are tolerable, and what is expected and seen of them. */
export function Recognition() {
  const { value, error, retry } = useLoaded((api) => api.identityBudget());
  const words = strings.identity;
  return (
    <section className="card outages" aria-labelledby="recognition-title">
      <header className="panel__head">
        <h2 id="recognition-title">{words.title}</h2>
      </header>
      {error !== null && <ErrorNotice error={error} title={words.loadFailed} onRetry={retry} />}
      {value !== null && <Budget view={value} onSaved={retry} />}
    </section>
  );
}

function Budget({ view, onSaved }: { readonly view: IdentityBudgetView; readonly onSaved: () => void }) {
  const { api } = useShop();
  const [text, setText] = useState(String(view.wrongPerWeek));
  const [note, setNote] = useState<string | null>(null);
  const words = strings.identity;
  const { state, observed, predictedWrongPerWeek } = view;
  const save = async (event: FormEvent) => {
    event.preventDefault();
    await api.setIdentityBudget(Number(text)).then(
      () => {
        setNote(words.saved);
        onSaved();
      },
      (error: unknown) => setNote(error instanceof Error ? error.message : String(error)),
    );
  };
  return (
    <>
      <form onSubmit={(event) => void save(event)}>
        <label className="field">
          <span>{words.tolerated}</span>
          <input
            type="number"
            min="0.01"
            max="1000"
            step="any"
            required
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <button type="submit" className="chip">
          {words.save}
        </button>
      </form>
      {note !== null && (
        <p className="fine" role="status">
          {note}
        </p>
      )}
      <p className="fine">
        {state === null
          ? words.notStarted
          : `${words.predicted(predictedWrongPerWeek ?? 0, state.people)} ${words.limits[state.limitedBy]}`}
      </p>
      <p className="fine">
        {words.observed(observed.near, observed.passes)}{' '}
        {observed.denied > 0 && words.denied(observed.denied)}
      </p>
    </>
  );
}
