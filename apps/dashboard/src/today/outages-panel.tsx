import { sinceText } from '../format.js';
import { useLabels, useLive } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { useNow } from '../ui/use-now.js';
import { allOutages, outagesOf } from './outages.js';
import type { TodayData } from './use-today.js';

/** Times in which a camera was away: known to be missing, not counted as nobody. */
export function Outages({ data }: { data: TodayData }) {
  const { cameras, stream } = useLive();
  const labels = useLabels();
  const now = useNow(60_000);
  const outages = allOutages(data.count.outages, outagesOf(cameras, stream), cameras);
  const words = strings.today;
  return (
    <section className="card outages" aria-labelledby="outages-title">
      <header className="panel__head">
        <h2 id="outages-title">{words.outages}</h2>
      </header>
      <p className="fine">{hintOf(Object.keys(cameras).length, outages.length)}</p>
      <ul className="outages__list">
        {outages.map(({ cameraId, from, to }) => (
          <li key={`${cameraId} ${from}`} data-open={to === null}>
            {to === null
              ? words.outageOpen(labels.camera(cameraId), sinceText(from, now))
              : words.outageOver(labels.camera(cameraId), sinceText(from, now), sinceText(to, now))}
          </li>
        ))}
      </ul>
    </section>
  );
}

function hintOf(cameras: number, outages: number): string {
  const words = strings.today;
  if (cameras === 0) return words.noCameras;
  return outages === 0 ? words.noOutages : words.outagesHint;
}
