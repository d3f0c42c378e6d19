import { useLive } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { outagesOf } from './outages.js';
import { boundsOf, summaryOf } from './summary.js';
import type { TodayData } from './use-today.js';

/** The day's four numbers. Visits have their bounds; the other counts are marked "at least" when a camera was away or
 *  the list is cut off. */
export function Numbers({ data }: { data: TodayData }) {
  const { cameras, stream } = useLive();
  const summary = summaryOf(data.visits);
  const isAtLeast = !data.isComplete || outagesOf(cameras, stream).length + data.count.outages.length > 0;
  const words = strings.today;
  return (
    <>
      {!data.isComplete && <p className="notice">{words.incomplete}</p>}
      <dl className="numbers">
        <Figure
          name={words.visits}
          value={data.count.visits}
          isAtLeast={false}
          note={[words.hereNow(summary.open), boundsOf(data.count)].filter((part) => part !== '').join('; ')}
          reason={words.why(
            data.count.doubts.doubled,
            data.count.doubts.unjudged,
            data.count.doubts.unseen ?? 0,
            data.count.doubts.joined,
          )}
        />
        <Figure name={words.regulars} value={summary.regulars} isAtLeast={isAtLeast} note={words.distinct} />
        <Figure name={words.guests} value={summary.guests} isAtLeast={isAtLeast} note={words.unknown} />
        <Figure
          name={words.satisfied}
          value={summary.satisfied}
          isAtLeast={false}
          note={summary.judged === 0 ? words.noneJudged : words.ofJudged(summary.judged)}
        />
      </dl>
    </>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: number;
  readonly isAtLeast: boolean;
  readonly note: string;
  /** Shown when pointed at. */
  readonly reason?: string;
}

function Figure({ name, value, isAtLeast, note, reason }: FigureProps) {
  return (
    <div className="card figure">
      <dt>{name}</dt>
      <dd>
        {isAtLeast && <span className="figure__least">{strings.today.atLeast} </span>}
        <span className="figure__value">{value}</span>
        <span className="figure__note" title={reason === '' ? undefined : reason}>
          {note}
        </span>
      </dd>
    </div>
  );
}
