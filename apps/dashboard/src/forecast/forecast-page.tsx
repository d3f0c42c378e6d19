import type { ForecastReportView } from '@regulars/contracts';
import { useEffect, useState } from 'react';
import { modelName } from '../customers/worth-words.js';
import { countText, percentText, dayAndTime } from '../format.js';
import { type Reloaded, useLoaded } from '../shop/use-loaded.js';
import { useLive, useShop } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { useNow } from '../ui/use-now.js';
import { useWork } from '../ui/use-work.js';
import { BackTestPanel } from './back-test-panel.js';

/** How often a run is looked at, milliseconds; and how long one that was asked for is waited for. */
const POLL_MS = 1_000;
const ASKED_MS = 15_000;
/** Trained models need this much history, months. */
const HISTORY_NEEDED = 15;

/** Which model makes the forecasts, how well it did on the past, and a run at once. */
export function ForecastPage() {
  const { stale } = useLive();
  const report = useLoaded((api) => api.forecastReport(), stale.totals);
  const words = strings.forecast;
  return (
    <>
      <header className="section-head">
        <h1>{words.title}</h1>
        {report.value !== null && <Run report={report} state={report.value} />}
      </header>
      {report.error !== null && (
        <ErrorNotice error={report.error} title={words.loadFailed} onRetry={report.retry} />
      )}
      {report.value === null && report.error === null && <p className="soft">{strings.loading}…</p>}
      {report.value !== null && <Standing report={report.value} />}
      {report.value !== null && <BackTestPanel told={report.value.backTest} />}
    </>
  );
}

function Run({ report, state }: { report: Reloaded<ForecastReportView>; state: ForecastReportView }) {
  const { api } = useShop();
  /** The start of the run before the one that was asked for, and when that was. */
  const [asked, setAsked] = useState<{ readonly after: string | null; readonly at: number } | null>(null);
  const { error, run } = useWork();
  const now = useNow(POLL_MS);
  const words = strings.forecast;
  const isRunning = state.state === 'running';
  const isAwaited =
    error === null &&
    asked !== null &&
    state.startedAt === asked.after &&
    now.getTime() - asked.at < ASKED_MS;
  const { request } = report;
  useEffect(() => {
    if (!isRunning && !isAwaited) return;
    const timer = window.setInterval(request, POLL_MS);
    return () => window.clearInterval(timer);
  }, [isRunning, isAwaited, request]);
  const tell = (action: () => Promise<void>) =>
    run(async () => {
      await action();
      request();
    });
  return (
    <div className="run">
      {isRunning ? (
        <>
          <label className="run__progress" role="status">
            <progress max={1} value={state.progress} /> {words.running(percentText(state.progress))}
          </label>
          <button type="button" className="button" onClick={() => void tell(api.cancelForecasts)}>
            {words.cancel}
          </button>
        </>
      ) : (
        <>
          {isAwaited && <span role="status">{words.asked}</span>}
          <button
            type="button"
            className="button button--accent"
            disabled={isAwaited}
            onClick={() => {
              setAsked({ after: state.startedAt, at: Date.now() });
              void tell(api.runForecasts);
            }}
          >
            {words.run}
          </button>
        </>
      )}
      {error !== null && <ErrorNotice error={error} />}
    </div>
  );
}

function Standing({ report }: { report: ForecastReportView }) {
  const now = useNow(60_000);
  const words = strings.forecast;
  const months = Math.floor(report.historyMonths);
  const facts = [
    [words.champion, report.model === null ? '–' : modelName(report.model)],
    [words.customers, countText(report.customers)],
    [words.atRisk, countText(report.atRisk)],
    [words.history, words.months(months)],
  ] as const;
  return (
    <>
      <p className="soft" role="status">
        {stateText(report, now)}
      </p>
      {report.model !== null && (
        <dl className="numbers numbers--words">
          {facts.map(([name, text]) => (
            <div key={name} className="card figure">
              <dt>{name}</dt>
              <dd className="figure__words">{text}</dd>
            </div>
          ))}
        </dl>
      )}
      {report.model !== null && months < HISTORY_NEEDED && (
        <p className="notice">{words.shortHistory(months)}</p>
      )}
      {report.note !== null && months >= HISTORY_NEEDED && (
        <p className="notice">{words.note(report.note)}</p>
      )}
    </>
  );
}

function stateText({ state, startedAt, finishedAt, failure }: ForecastReportView, now: Date): string {
  const say = strings.forecast.state;
  const when = (instant: string | null) => (instant === null ? '' : dayAndTime(instant, now));
  switch (state) {
    case 'never':
      return say.never;
    case 'running':
      return say.running(when(startedAt));
    case 'failed':
      return say.failed(when(finishedAt), failure ?? '');
    case 'done':
    case 'cancelled':
      return say[state](when(finishedAt));
  }
}
