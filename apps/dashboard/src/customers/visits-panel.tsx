import type { VisitView } from '@regulars/contracts';
import { dayAndTime, minutesBetween } from '../format.js';
import { useLoaded } from '../shop/use-loaded.js';
import { useLive } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { Mood } from '../ui/mood.js';
import { useNow } from '../ui/use-now.js';

/** A customer's newest visits and how content they looked. */
export function VisitsPanel({ customerId }: { customerId: string }) {
  const { stale } = useLive();
  const { value } = useLoaded((api) => api.visitsOf(customerId), stale.visits);
  const now = useNow(60_000);
  const say = strings.value;
  if (value === null) return null;
  return (
    <section className="details__part">
      <h3>{say.visits}</h3>
      {value.length === 0 && <p className="soft">{say.noVisits}</p>}
      <ul className="visits">
        {value.map((visit) => (
          <li key={visit.visitId}>
            <span>{say.visit(dayAndTime(visit.startedAt, now), lengthOf(visit))}</span>
            {visit.together.length > 0 && <span className="tag">{say.together(visit.together.length)}</span>}
            <Mood mood={visit.satisfaction.class} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function lengthOf({ startedAt, endedAt }: VisitView): string {
  return endedAt === null
    ? strings.value.stillHere
    : strings.time.minutes(minutesBetween(startedAt, endedAt));
}
