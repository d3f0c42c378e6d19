import type { CSSProperties } from 'react';

export interface Bar {
  readonly key: string;
  /** Below the bar; empty leaves it out. */
  readonly label: string;
  /** Height; the second is drawn above the first. */
  readonly values: readonly [number, number?];
  /** Above the bar; empty leaves it out. */
  readonly text: string;
}

interface BarsProps {
  readonly bars: readonly Bar[];
  /** All the figures in words: the picture's text. */
  readonly label: string;
  readonly isSmall?: boolean;
}

/** Upright bars, in the one or two colours of the page. */
export function Bars({ bars, label, isSmall = false }: BarsProps) {
  const most = Math.max(1e-9, ...bars.map(({ values: [below, above = 0] }) => below + above));
  return (
    <div className={`bars ${isSmall ? 'bars--small' : ''}`} role="img" aria-label={label}>
      {bars.map(({ key, label: below, values, text }) => (
        <div key={key} className="bars__bar">
          <span className="bars__text">{text}</span>
          {values[1] !== undefined && values[1] > 0 && (
            <span className="bars__above" style={share(values[1] / most)} />
          )}
          <span className="bars__below" style={share(values[0] / most)} />
          <span className="bars__label">{below}</span>
        </div>
      ))}
    </div>
  );
}

export function share(part: number): CSSProperties {
  return { '--share': part } as CSSProperties;
}

/** Every how many labels one is shown, so that about `most` are. */
export function everyNth(count: number, most: number): number {
  return Math.max(1, Math.ceil(count / most));
}
