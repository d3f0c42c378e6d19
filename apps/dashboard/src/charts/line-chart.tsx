import { scaleOf, ticksOf } from './scale.js';

export interface Line {
  readonly name: string;
  /** One a place on the axis; null where there is none. */
  readonly values: readonly (number | null)[];
  readonly isStrong: boolean;
}

interface LineChartProps {
  readonly lines: readonly Line[];
  readonly places: readonly string[];
  readonly format: (value: number) => string;
  /** All of it in words: the picture's text. */
  readonly label: string;
}

const WIDTH = 640;
const HEIGHT = 260;
const LEFT = 72;
const RIGHT = 36;
const TOP = 12;
const BOTTOM = 30;

/** Lines told apart by their dashes and marks, not by colour alone; the legend repeats both. */
export function LineChart({ lines, places, format, label }: LineChartProps) {
  const ticks = ticksOf(lines.flatMap(({ values }) => values.filter((value) => value !== null)));
  const y = scaleOf(ticks, HEIGHT - BOTTOM, TOP);
  const x = scaleOf([0, Math.max(1, places.length - 1)], LEFT + 12, WIDTH - RIGHT - 12);
  return (
    <figure className="chart">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
        {ticks.map((tick) => (
          <g key={tick}>
            <line className="chart__grid" x1={LEFT} x2={WIDTH - RIGHT} y1={y(tick)} y2={y(tick)} />
            <text className="chart__tick" x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
              {format(tick)}
            </text>
          </g>
        ))}
        {places.map((place, index) => (
          <text
            key={place}
            className="chart__tick chart__place"
            x={x(index)}
            y={HEIGHT - 8}
            textAnchor="middle"
          >
            {place}
          </text>
        ))}
        {lines.map((line, index) => (
          <g key={line.name} className={classOf(line, index)}>
            <path d={pathOf(line.values, x, y)} />
            {line.values.map((value, place) =>
              value === null ? null : (
                <circle key={places[place]} cx={x(place)} cy={y(value)} r={line.isStrong ? 4 : 2.5} />
              ),
            )}
          </g>
        ))}
      </svg>
      <figcaption className="chart__legend">
        {lines.map((line, index) => (
          <span key={line.name}>
            <svg className={classOf(line, index)} width="30" height="10" aria-hidden="true">
              <path d="M1 5h28" />
              <circle cx="15" cy="5" r={line.isStrong ? 4 : 2.5} />
            </svg>
            {line.name}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

function classOf({ isStrong }: Line, index: number): string {
  return `chart__line chart__line--${isStrong ? 'strong' : index % 6}`;
}

function pathOf(
  values: readonly (number | null)[],
  x: (place: number) => number,
  y: (value: number) => number,
): string {
  let isDown = false;
  return values
    .map((value, place) => {
      if (value === null) {
        isDown = false;
        return '';
      }
      const step = `${isDown ? 'L' : 'M'}${x(place).toFixed(1)} ${y(value).toFixed(1)}`;
      isDown = true;
      return step;
    })
    .join('');
}
