import { type ImportView, isCurrency } from '@regulars/contracts';
import { type FormEvent, useRef, useState } from 'react';
import type { ApiError } from '../api/api-error.js';
import { countText, dayOf } from '../format.js';
import { strings } from '../strings.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { Field } from '../ui/field.js';
import { Panel } from '../ui/panel.js';
import { rowErrorOf } from './row-error.js';
import { useImport } from './use-import.js';

/** Takes a file of past sales, shows how far it is, and which row is wrong where it is refused. */
export function ImportPanel() {
  const run = useImport();
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const [currency, setCurrency] = useState('');
  const [isChecked, setChecked] = useState(false);
  const words = strings.sales;
  const code = currency.trim().toUpperCase();
  const isCurrencyWrong = code !== '' && !isCurrency(code);
  const isBusy = run.isSending || run.view?.state === 'importing';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (file === null || isCurrencyWrong) return;
    void run.begin(file, code === '' ? null : code);
  };
  return (
    <Panel title={words.import} hint={words.importHint}>
      <form className="part__text" noValidate onSubmit={submit}>
        <div
          className="drop"
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            setFile(event.dataTransfer.files[0] ?? null);
          }}
        >
          <button
            type="button"
            className="drop__button"
            disabled={isBusy}
            onClick={() => input.current?.click()}
          >
            <strong>{file === null ? words.file : file.name}</strong>
          </button>
          <input
            ref={input}
            type="file"
            accept=".csv,.gz,text/csv,application/gzip"
            hidden
            aria-label={words.file}
            data-testid="sales-file"
            onChange={({ target }) => setFile(target.files?.[0] ?? null)}
          />
        </div>
        {isChecked && file === null && (
          <p className="field__error" role="alert">
            {words.fileMissing}
          </p>
        )}
        <details className="as-table">
          <summary>{words.layouts}</summary>
          <ul className="rules">
            <li>{words.ownLayout}</li>
            <li>{words.uciLines}</li>
            <li>{words.uciInvoices}</li>
          </ul>
        </details>
        <Field
          label={words.currency}
          note={strings.customers.optional}
          hint={words.currencyHint}
          value={currency}
          maxLength={3}
          error={isChecked && isCurrencyWrong ? words.currencyError : undefined}
          onChange={({ target }) => setCurrency(target.value)}
        />
        <button type="submit" className="button button--accent" disabled={isBusy}>
          {words.begin}
        </button>
        <div role="status">
          {run.isSending && <p className="soft">{words.sending}</p>}
          {run.view !== null && <Progress view={run.view} />}
        </div>
        {run.error !== null && <Refusal error={run.error} />}
      </form>
    </Panel>
  );
}

function Progress({ view }: { view: ImportView }) {
  const words = strings.sales;
  const { state, stored, sales } = view;
  const text = words.state[state](countText(stored), countText(sales));
  return (
    <div className={`notice ${state === 'done' ? 'notice--good' : state === 'failed' ? 'notice--bad' : ''}`}>
      <p>
        {state === 'importing' && <progress max={Math.max(1, sales)} value={stored} aria-label={text} />}{' '}
        <strong>{text}</strong>{' '}
        {words.summary(countText(view.rows), countText(view.newCustomers), dayOf(view.from), dayOf(view.to))}
      </p>
    </div>
  );
}

function Refusal({ error }: { error: ApiError }) {
  const words = strings.sales;
  const place = rowErrorOf(error);
  if (place === null) return <ErrorNotice error={error} />;
  return (
    <div className="notice notice--bad" role="alert">
      <p>
        <strong>
          {words.rowError(place.row, place.column)}: {place.reason}
        </strong>{' '}
        {words.notImported} {error.remedy}
      </p>
    </div>
  );
}
