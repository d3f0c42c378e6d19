import type { ForecastView } from '@regulars/contracts';
import { dayText, percentText } from '../format.js';
import { roughMoney } from '../money.js';
import { strings } from '../strings.js';
import { churnWord, classesText, modelText, nextText, rangeText, reasonText } from './worth-words.js';

/** Reasons that are told at most. */
const MOST_REASONS = 5;

/** What is expected of a customer, by which model, and why that one. */
export function ForecastPanel({ forecast }: { forecast: ForecastView | null }) {
  const say = strings.value;
  if (forecast === null) {
    return (
      <section className="details__part">
        <h3>{say.forecast}</h3>
        <p className="soft">{say.noForecast}</p>
      </section>
    );
  }
  const { expectedSpendMinor: amountMinor, currency, churnProbability, classes } = forecast;
  const facts = [
    [say.expectedSpend, roughMoney({ amountMinor, currency }), rangeText(forecast)],
    [say.churn, percentText(churnProbability), churnWord(churnProbability)],
    [say.next, nextText(forecast), null],
    ...(classes === null ? [] : [[say.classes, classesText(classes), null] as const]),
  ] as const;
  return (
    <section className="details__part">
      <h3>{say.forecast}</h3>
      <p className="soft">{say.forecastFrom(dayText(forecast.from), forecast.months)}</p>
      <dl className="facts">
        {facts.map(([name, text, note]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {text}
              {note !== null && <span className="facts__note">{note}</span>}
            </dd>
          </div>
        ))}
      </dl>
      <Reasons forecast={forecast} />
      <p className="fine">{modelText(forecast)}</p>
    </section>
  );
}

function Reasons({ forecast: { reasons = [] } }: { forecast: ForecastView }) {
  const lines = reasons.flatMap((reason) => reasonText(reason) ?? []).slice(0, MOST_REASONS);
  if (lines.length === 0) return null;
  return (
    <>
      <h4>{strings.value.reasons}</h4>
      <p className="fine">{strings.forecast.reasons.intro}</p>
      <ul className="reasons">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  );
}
