import { clockTime } from '../format.js';
import { useLabels, useShop } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { download } from '../ui/download.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { Mood } from '../ui/mood.js';
import { hrefOf } from '../ui/route.js';
import { useWork } from '../ui/use-work.js';
import { attendanceLines } from './summary.js';
import type { TodayData } from './use-today.js';

/** Who came today, one line each, and the same as CSV. */
export function Attendance({ data }: { data: TodayData }) {
  const { api } = useShop();
  const labels = useLabels();
  const { isBusy, error, run } = useWork();
  const lines = attendanceLines(data.attendance, data.visits);
  const words = strings.today;
  const save = () =>
    run(async () => {
      download(await api.attendanceCsv(data.day), `attendance-${data.day}.csv`);
    });
  return (
    <section className="card attendance" aria-labelledby="attendance-title">
      <header className="panel__head">
        <h2 id="attendance-title">{words.attendance}</h2>
        <button type="button" className="chip" disabled={isBusy} onClick={() => void save()}>
          {words.csv}
        </button>
      </header>
      <p className="fine">{lines.length === 0 ? words.emptyAttendance : words.attendanceHint}</p>
      {error !== null && <ErrorNotice error={error} />}
      {lines.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{words.columns.name}</th>
              <th scope="col">{words.columns.first}</th>
              <th scope="col" className="table__number">
                {words.columns.visits}
              </th>
              <th scope="col">{words.columns.mood}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.customerId}>
                <th scope="row">
                  <a href={hrefOf({ page: 'customers', customerId: line.customerId })}>
                    {labels.customer(line.customerId, line.displayName) || strings.people.unnamed}
                  </a>
                </th>
                <td>
                  <time dateTime={line.firstSeenAt}>{clockTime(line.firstSeenAt)}</time>
                </td>
                <td className="table__number">{line.visits}</td>
                <td>
                  <Mood mood={line.mood} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
