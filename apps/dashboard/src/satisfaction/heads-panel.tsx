import type { HeadsView, HeadView } from '@regulars/contracts';
import { dayOf } from '../format.js';
import { useLoaded } from '../shop/use-loaded.js';
import { useShop } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { Panel } from '../ui/panel.js';
import { useWork } from '../ui/use-work.js';

/** What was learnt from corrections, which version is in use, and going back to an earlier one.
 *  @param version rises when there are new corrections */
export function HeadsPanel({ version }: { version: number }) {
  const { api } = useShop();
  const { value, error, retry, request } = useLoaded((shop) => shop.heads(), version);
  const { isBusy, error: failure, run } = useWork();
  const words = strings.satisfaction;
  const change = (work: () => Promise<HeadsView>) => void run(work).then(request);
  return (
    <Panel title={words.heads} error={error} onRetry={retry} isLoading={value === null}>
      {value !== null && (
        <>
          <p className="soft part__text">
            {value.obstacle ?? words.corrections(value.corrections, value.correctionsNeeded)}
          </p>
          {failure !== null && <ErrorNotice error={failure} />}
          <div className="actions actions--start">
            <button
              type="button"
              className="button button--accent"
              disabled={isBusy || value.obstacle !== null || value.corrections < value.correctionsNeeded}
              onClick={() => change(() => api.trainHead())}
            >
              {isBusy ? words.training : words.train}
            </button>
          </div>
          <Heads heads={value} isBusy={isBusy} onServe={(headId) => change(() => api.serveHead(headId))} />
        </>
      )}
    </Panel>
  );
}

interface HeadsProps {
  readonly heads: HeadsView;
  readonly isBusy: boolean;
  readonly onServe: (headId: string | null) => void;
}

function Heads({ heads: { heads, serving }, isBusy, onServe }: HeadsProps) {
  const words = strings.satisfaction;
  const use = (headId: string | null) => (
    <button type="button" className="button button--quiet" disabled={isBusy} onClick={() => onServe(headId)}>
      {words.use}
    </button>
  );
  return (
    <table className="table">
      <thead>
        <tr>
          {Object.values(words.column).map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
          <th />
        </tr>
      </thead>
      <tbody>
        {heads.map((head) => (
          <HeadRow key={head.headId} head={head}>
            {head.state === 'serving' ? null : use(head.headId)}
          </HeadRow>
        ))}
        <tr>
          <td colSpan={4}>{words.shipped}</td>
          <td>{serving === null ? words.serving : words.retired}</td>
          <td>{serving === null ? null : use(null)}</td>
        </tr>
      </tbody>
    </table>
  );
}

function HeadRow({ head, children }: { head: HeadView; children: React.ReactNode }) {
  const { comparison, examples, state, trainedAt } = head;
  const words = strings.satisfaction;
  return (
    <tr>
      <td>{dayOf(trainedAt)}</td>
      <td>{examples}</td>
      <td>{words.right(comparison.rightBefore, comparison.examples)}</td>
      <td>{words.right(comparison.rightAfter, comparison.examples)}</td>
      <td>{words[state]}</td>
      <td>{children}</td>
    </tr>
  );
}
