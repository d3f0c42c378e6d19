import { useState } from 'react';
import { LineChart } from '../charts/line-chart.js';
import { modelName } from '../customers/worth-words.js';
import { dayText, monthText } from '../format.js';
import { strings } from '../strings.js';
import { Chips } from '../ui/chips.js';
import { Panel } from '../ui/panel.js';
import { type BackTest, backTestOf, bestOf, type Better, type Figure, figureText } from './back-test.js';

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
function metricOf(metric: string): { readonly name: string; readonly better: Better } {
  return strings.forecast.metrics[metric] ?? { name: metric, better: 'lower' };
}

function Table({ backTest }: { backTest: BackTest }) {
  const words = strings.forecast;
  const { metrics, models, champion, currency } = backTest;
  const best = new Map(
    metrics.map((metric) => [
      metric,
      metric in words.metrics ? bestOf(backTest, metric, metricOf(metric).better) : null,
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
                  <span className="table__note">{words.better[metricOf(metric).better]}</span>
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
                  <FigureText
                    figure={figures[metric]}
                    isBest={best.get(metric) === model}
                    format={(value) => figureText(metric, value, currency)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface FigureTextProps {
  readonly figure: Figure | undefined;
  readonly isBest: boolean;
  readonly format: (value: number) => string;
}

function FigureText({ figure, isBest, format }: FigureTextProps) {
  const words = strings.forecast;
  if (figure === undefined) return <span className="soft">–</span>;
  const { value, range } = figure;
  return (
    <>
      {isBest ? (
        <strong>
          {format(value)}
          <span className="unseen"> ({words.best})</span>
        </strong>
      ) : (
        format(value)
      )}
      {range !== null && (
        <span className="table__note">{words.range(format(range.low), format(range.high))}</span>
      )}
    </>
  );
}

function Curves({ backTest }: { backTest: BackTest }) {
  const words = strings.forecast;
  const [metric, setMetric] = useState(backTest.metrics[0] ?? '');
  const { name } = metricOf(metric);
  const format = (value: number | null) => figureText(metric, value, backTest.currency);
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
    return words.curvePart(line.name, format(from ?? 0), format(to ?? 0));
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
          format={format}
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
                      {format(line.values[index] ?? null)}
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
