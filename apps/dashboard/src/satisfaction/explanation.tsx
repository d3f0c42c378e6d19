import type { ExplainedScore, ExpressionExplanationView } from '@regulars/contracts';
import { useState } from 'react';
import { percentText } from '../format.js';
import { useShop } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { useWork } from '../ui/use-work.js';
import { HeatPicture } from './heat-picture.js';
import { largestOf } from './heat.js';

/** Asks for, and shows, what in a face its score rests on: as it is and with the lower face covered. */
export function Explanation({ jpeg }: { jpeg: Blob }) {
  const { api } = useShop();
  const [found, setFound] = useState<ExpressionExplanationView | null>(null);
  const { isBusy, error, run } = useWork();
  const words = strings.satisfaction;
  const ask = () => run(async () => setFound(await api.explain(jpeg)));
  if (found === null) {
    return (
      <div className="heat">
        {error !== null && <ErrorNotice error={error} />}
        <button type="button" className="button button--quiet" disabled={isBusy} onClick={() => void ask()}>
          {isBusy ? words.explaining : words.explain}
        </button>
        <p className="fine">{words.explainHint}</p>
      </div>
    );
  }
  const scale = largestOf(found.plain.map.values, found.covered.map.values);
  return (
    <section className="heat" aria-label={words.mapOf}>
      <div className="heat__pair">
        <Scored title={words.plain} scored={found.plain} crop={found.crop} scale={scale} />
        <Scored title={words.covered} scored={found.covered} crop={found.crop} scale={scale} />
      </div>
      <p className="fine">
        {words.legend} {words.model(found.model)}
      </p>
    </section>
  );
}

interface ScoredProps {
  readonly title: string;
  readonly scored: ExplainedScore;
  readonly crop: string;
  readonly scale: number;
}

function Scored({ title, scored, crop, scale }: ScoredProps) {
  const { outcome, map } = scored;
  const words = strings.satisfaction;
  const says =
    outcome.kind === 'scored'
      ? words.says(strings.mood[outcome.class], percentText(outcome.confidence))
      : words.abstains(strings.abstained[outcome.reason]);
  return (
    <figure className="heat__one">
      <HeatPicture crop={crop} map={map} scale={scale} label={`${title}: ${says}`} />
      <figcaption>
        <strong>{title}</strong>
        <span>{says}</span>
      </figcaption>
    </figure>
  );
}
