import type { VisitView } from '@regulars/contracts';
import type { CSSProperties } from 'react';
import { strings } from '../strings.js';
import { type HourCount, visitsByHour } from './summary.js';

/** Visits by the hour as bars: regulars below, guests above. */
export function Hours({ visits }: { visits: readonly VisitView[] }) {
  const hours = visitsByHour(visits);
  const most = Math.max(1, ...hours.map(totalOf));
  const words = strings.today;
  const parts = hours
    .filter((hour) => totalOf(hour) > 0)
    .map((hour) => words.hourPart(labelOf(hour.hour), totalOf(hour)))
    .join('; ');
  return (
    <section className="card hours" aria-labelledby="hours-title">
      <header className="panel__head">
        <h2 id="hours-title">{words.hours}</h2>
        <span className="legend" aria-hidden="true">
          <span className="legend__regulars" /> {words.regulars} <span className="legend__guests" />{' '}
          {words.guests}
        </span>
      </header>
      <div className="hours__bars" role="img" aria-label={words.hoursLabel(parts)}>
        {hours.map((hour) => (
          <div key={hour.hour} className="hours__hour" data-guests={hour.guests}>
            <span className="hours__total">{totalOf(hour) === 0 ? '' : totalOf(hour)}</span>
            <span className="hours__guests" style={share(hour.guests, most)} />
            <span className="hours__regulars" style={share(hour.regulars, most)} />
            <span className="hours__label">{hour.hour}</span>
          </div>
        ))}
      </div>
    </section>
  );
}

function totalOf(hour: HourCount): number {
  return hour.regulars + hour.guests;
}

function labelOf(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}

function share(count: number, most: number): CSSProperties {
  return { '--share': count / most } as CSSProperties;
}
