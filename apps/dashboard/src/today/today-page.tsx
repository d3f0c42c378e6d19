import { strings } from '../strings.js';
import { Empty } from '../ui/empty.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { dayOf } from '../format.js';
import { useNow } from '../ui/use-now.js';
import { Attendance } from './attendance.js';
import { Hours } from './hours.js';
import { Numbers } from './numbers.js';
import { Outages } from './outages-panel.js';
import { Recogniser } from './recogniser-panel.js';
import { Recognition } from './recognition-panel.js';
import { useToday } from './use-today.js';

/** The day in numbers: visits, regulars, guests, attendance, and what could not be seen. */
export function TodayPage() {
  const { value, error, retry } = useToday();
  const now = useNow(60_000);
  return (
    <>
      <header className="section-head">
        <h1>{strings.today.title}</h1>
        <p className="soft">{dayOf(now.toISOString())}</p>
      </header>
      {error !== null && <ErrorNotice error={error} title={strings.today.loadFailed} onRetry={retry} />}
      {value === null && error === null && <p className="soft">{strings.loading}…</p>}
      {value !== null && (
        <div className="today">
          <Numbers data={value} />
          <div className="today__column">
            {value.visits.length === 0 ? (
              <Empty title={strings.today.emptyTitle} text={strings.today.emptyText} />
            ) : (
              <Hours visits={value.visits} />
            )}
            <Outages data={value} />
            <Recognition />
            <Recogniser />
          </div>
          <Attendance data={value} />
        </div>
      )}
    </>
  );
}
