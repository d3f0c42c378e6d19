import { useState } from 'react';
import { LineChart } from '../charts/line-chart.js';
import { modelName } from '../customers/worth-words.js';
import { dayText, monthText } from '../format.js';
import { strings } from '../strings.js';
import { Chips } from '../ui/chips.js';
import { Panel } from '../ui/panel.js';
import { type BackTest, backTestOf, bestOf, type Figure } from './back-test.js';

/** How well each model forecast months it had not seen: a table, and curves with theirs. */
export function BackTestPanel({ told }: { told: unknown }) {
  const words = strings.forecast;
  if (told === null || told === undefined) return <Panel title={words.backTest} hint={words.noBackTest} />;
  const backTest = backTestOf(told);
  if (backTest === null) return <Panel title={words.backTest} hint={words.unreadable} />;
  return (
    <>
      <Panel title={words.backTest} hint={words.backTestHint}>
        <Table backTest={backTest} />
        <p className="fine">{words.interval}</p>
      </Panel>
      {backTest.origins.length > 1 && <Curves backTest={backTest} />}
    </>
  );
}

/** The name of a metric for people; its own id where the page knows none. */
function metricOf(metric: string): { readonly name: string; readonly isHigherBetter: boolean } {
  return strings.forecast.metrics[metric] ?? { name: metric, isHigherBetter: false };
}

function Table({ backTest }: { backTest: BackTest }) {
  const words = strings.forecast;
  const { metrics, models, champion } = backTest;
  const best = new Map(
    metrics.map((metric) => [
      metric,
      metric in words.metrics ? bestOf(backTest, metric, metricOf(metric).isHigherBetter) : null,
    ]),
  );
  return (
    <div className="scroll scroll--wide" tabIndex={0}>
      <table className="table table--figures">
        <thead>
          <tr>
            <th scope="col">{words.model}</th>
            {metrics.map((metric) => (
              <th key={metric} scope="col" className="table__number">
                {metricOf(metric).name}
                {metric in words.metrics && (
                  <span className="table__note">
                    {metricOf(metric).isHigherBetter ? words.higher : words.lower}
                  </span>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {models.map(({ model, figures }) => (
            <tr key={model}>
              <th scope="row">
                {modelName(model)}{' '}
                {model === champion && <span className="tag tag--accent">{words.serving}</span>}
              </th>
              {metrics.map((metric) => (
                <td key={metric} className="table__number">
                  <FigureText figure={figures[metric]} isBest={best.get(metric) === model} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function FigureText({ figure, isBest }: { figure: Figure | undefined; isBest: boolean }) {
  const words = strings.forecast;
  if (figure === undefined) return <span className="soft">–</span>;
  const { value, range } = figure;
  return (
    <>
      {isBest ? (
        <strong>
          {figureText(value)}
          <span className="unseen"> ({words.best})</span>
        </strong>
      ) : (
        figureText(value)
      )}
      {range !== null && (
        <span className="table__note">{words.range(figureText(range.low), figureText(range.high))}</span>
      )}
    </>
  );
}

function Curves({ backTest }: { backTest: BackTest }) {
  const words = strings.forecast;
  const [metric, setMetric] = useState(backTest.metrics[0] ?? '');
  const { name } = metricOf(metric);
  const places = backTest.origins.map(({ origin }) => originText(origin));
  const lines = backTest.models
    .map(({ model }) => ({
      name: modelName(model),
      values: backTest.origins.map(({ models }) => models[model]?.[metric]?.value ?? null),
      isStrong: model === backTest.champion,
    }))
    .filter(({ values }) => values.some((value) => value !== null));
  const parts = lines.map((line) => {
    const [from, to] = [line.values.find(isThere), line.values.findLast(isThere)];
    return words.curvePart(line.name, figureText(from ?? 0), figureText(to ?? 0));
  });
  return (
    <Panel title={words.curves} hint={words.curvesHint(name)}>
      <div className="part__text">
        <Chips
          label={words.metricChoice}
          value={metric}
          onChange={setMetric}
          options={backTest.metrics.map((each) => [each, metricOf(each).name] as const)}
        />
      </div>
      <div className="beside">
        <LineChart
          lines={lines}
          places={places}
          format={figureText}
          label={words.curveLabel(name, parts.join('; '))}
        />
        <div className="scroll scroll--wide" tabIndex={0}>
          <table className="table table--dates">
            <thead>
              <tr>
                <th scope="col">{words.origin}</th>
                {lines.map((line) => (
                  <th key={line.name} scope="col" className="table__number">
                    {line.name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {places.map((place, index) => (
                <tr key={place}>
                  <th scope="row">{place}</th>
                  {lines.map((line) => (
                    <td key={line.name} className="table__number">
                      {figureText(line.values[index] ?? null)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </Panel>
  );
}

function isThere(value: number | null): boolean {
  return value !== null;
}

function originText(origin: string): string {
  if (/^\d{4}-\d{2}$/.test(origin)) return monthText(origin);
  return /^\d{4}-\d{2}-\d{2}/.test(origin) ? dayText(origin.slice(0, 10)) : origin;
}

/** Three digits behind the point below 10, whole numbers above 1000. */
function figureText(value: number | null): string {
  if (value === null) return '–';
  const digits = Math.abs(value) < 10 ? 3 : Math.abs(value) < 1_000 ? 1 : 0;
  return value.toLocaleString(strings.locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
