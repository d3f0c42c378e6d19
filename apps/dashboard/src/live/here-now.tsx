import { minutesBetween, monogramOf, sinceText } from '../format.js';
import { strings } from '../strings.js';
import { useLabels, useLive } from '../shop/use-shop.js';
import { Mood } from '../ui/mood.js';
import { hrefOf } from '../ui/route.js';
import { useNow } from '../ui/use-now.js';
import type { OpenVisit } from './live-state.js';
import { WorthCard } from './worth-card.js';
import { presenceOf } from './presence.js';
import { nameOf } from './sentences.js';

/** Who is in the shop: regulars by name, guests as a number. */
export function HereNow() {
  const { visits } = useLive();
  const { regulars, guests } = presenceOf(visits);
  const now = useNow();
  return (
    <section className="card panel" aria-labelledby="here-title">
      <header className="panel__head">
        <h2 id="here-title">{strings.here.title}</h2>
        <span className="panel__count">
          {strings.here.regulars(regulars.length)}
          <span aria-hidden="true"> · </span>
          {strings.here.guests(guests)}
        </span>
      </header>
      {regulars.length > 0 && (
        <ul className="people">
          {regulars.map((visit) => (
            <Person key={visit.visitId} visit={visit} now={now} />
          ))}
        </ul>
      )}
      {regulars.length === 0 && (
        <p className="panel__empty">{guests === 0 ? strings.here.nobody : strings.here.onlyGuests}</p>
      )}
    </section>
  );
}

function Person({ visit, now }: { visit: OpenVisit; now: Date }) {
  const labels = useLabels();
  if (visit.who.kind !== 'customer') return null;
  const name = nameOf(visit.who, labels);
  const minutes = minutesBetween(visit.startedAt, now.toISOString());
  return (
    <li>
      <a className="person" href={hrefOf({ page: 'customers', customerId: visit.who.customerId })}>
        <span className="monogram" aria-hidden="true">
          {monogramOf(name)}
        </span>
        <span className="person__text">
          <span className="person__name">{name}</span>
          <span className="person__since">
            {strings.here.since(sinceText(visit.startedAt, now))}
            {minutes > 0 && (
              <>
                <span aria-hidden="true"> · </span>
                {strings.time.minutes(minutes)}
              </>
            )}
          </span>
        </span>
        {visit.mood !== null && <Mood mood={visit.mood} />}
        <WorthCard customerId={visit.who.customerId} />
      </a>
    </li>
  );
}
