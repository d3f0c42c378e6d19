import { memo, useState } from 'react';
import { sinceText } from '../format.js';
import { strings } from '../strings.js';
import { useLabels, useLive } from '../shop/use-shop.js';
import { PauseIcon, PlayIcon } from '../ui/icons.js';
import { useNow } from '../ui/use-now.js';
import { NotThisPerson } from './not-this-person.js';
import { type Labels, sentenceOf } from './sentences.js';
import { linesSince, linesToShow, type StreamEntry } from './stream.js';

/** What happened, newest first; pausing keeps the lines still while new ones are counted. */
export function EventStream() {
  const { stream } = useLive();
  const labels = useLabels();
  const now = useNow(60_000);
  const [withDetails, setWithDetails] = useState(false);
  /** The newest line when it was paused; null while it runs. */
  const [pausedAt, setPausedAt] = useState<{ readonly id: string | null } | null>(null);
  const all = linesToShow(stream, withDetails);
  const fresh = pausedAt === null ? 0 : linesSince(stream, all, pausedAt.id);
  const lines = all.slice(fresh);
  return (
    <section className="card panel panel--stream" aria-labelledby="stream-title">
      <header className="panel__head">
        <h2 id="stream-title">{strings.stream.title}</h2>
        <button
          type="button"
          className="chip"
          aria-label={pausedAt === null ? strings.stream.pause : strings.stream.resume(fresh)}
          title={strings.stream.pause}
          aria-pressed={pausedAt !== null}
          onClick={() => setPausedAt(pausedAt === null ? { id: stream[0]?.id ?? null } : null)}
        >
          {pausedAt === null ? <PauseIcon /> : <PlayIcon />}
          {pausedAt !== null && strings.stream.resume(fresh)}
        </button>
        <button
          type="button"
          className="chip"
          aria-pressed={withDetails}
          onClick={() => setWithDetails(!withDetails)}
        >
          {strings.stream.everything}
        </button>
      </header>
      {lines.length === 0 ? (
        <p className="panel__empty">{strings.stream.empty}</p>
      ) : (
        <ol className="stream" role="log" aria-live={pausedAt === null ? 'polite' : 'off'} tabIndex={0}>
          {lines.map((entry) => (
            <Line key={entry.id} entry={entry} labels={labels} now={now} />
          ))}
        </ol>
      )}
    </section>
  );
}

interface LineProps {
  readonly entry: StreamEntry;
  readonly labels: Labels;
  readonly now: Date;
}

const Line = memo(function Line({ entry, labels, now }: LineProps) {
  const { payload } = entry;
  const { text, where, tone } = sentenceOf(payload, labels, entry.isJoined);
  return (
    <li className={`line line--${tone}`}>
      <span className="line__dot" aria-hidden="true" />
      <span className="line__text">
        {text}
        <span className="line__meta">
          {where !== null && (
            <>
              <span className="unseen"> – </span>
              {where},{' '}
            </>
          )}
          {where === null && <span className="unseen">, </span>}
          <time dateTime={entry.at}>{sinceText(entry.at, now)}</time>
        </span>
        {payload.kind === 'sighting-identified' && payload.who.kind === 'customer' && (
          <NotThisPerson
            sightingId={payload.sightingId}
            customerId={payload.who.customerId}
            name={payload.who.displayName}
          />
        )}
      </span>
    </li>
  );
});
