import { type CropView, SatisfactionClass } from '@regulars/contracts';
import { useEffect, useState } from 'react';
import { type ApiError, toApiError } from '../api/api-error.js';
import { BlobPicture } from '../faces/blob-picture.js';
import { dayOf } from '../format.js';
import { useLoaded } from '../shop/use-loaded.js';
import { useShop } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { TrashIcon } from '../ui/icons.js';
import { Panel } from '../ui/panel.js';

/** Kept faces, for an operator to say what they show.
 *  @param onCorrected called after each correction */
export function CropsPanel({ onCorrected }: { onCorrected: () => void }) {
  const { value, error, retry, request } = useLoaded((api) => api.keptCrops());
  const words = strings.satisfaction;
  return (
    <Panel
      title={words.crops}
      hint={words.cropsHint}
      error={error}
      onRetry={retry}
      isLoading={value === null}
    >
      {value?.length === 0 && <p className="soft part__text">{words.noCrops}</p>}
      {value !== null && value.length > 0 && (
        <ul className="crops">
          {value.map((crop) => (
            <Crop
              key={crop.cropId}
              crop={crop}
              onChanged={() => {
                request();
                onCorrected();
              }}
            />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Crop({ crop, onChanged }: { crop: CropView; onChanged: () => void }) {
  const { api } = useShop();
  const [picture, setPicture] = useState<Blob | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const { cropId, outcome, correction, capturedAt } = crop;
  useEffect(() => {
    let isShown = true;
    api.keptCrop(cropId).then(
      (blob) => isShown && setPicture(blob),
      (thrown: unknown) => isShown && setError(toApiError(thrown)),
    );
    return () => {
      isShown = false;
    };
  }, [api, cropId]);
  const change = (work: Promise<unknown>) =>
    void work.then(onChanged, (thrown: unknown) => setError(toApiError(thrown)));
  const words = strings.satisfaction;
  return (
    <li className="crop">
      {picture !== null && <BlobPicture blob={picture} label={words.cropOf(dayOf(capturedAt))} />}
      <div className="crop__text">
        {outcome.kind === 'scored' && <span>{words.read(strings.mood[outcome.class])}</span>}
        <div className="crop__choices" role="group" aria-label={words.correct}>
          {SatisfactionClass.options.map((mood) => (
            <button
              key={mood}
              type="button"
              className="chip"
              aria-pressed={correction === mood}
              onClick={() => change(api.correctCrop(cropId, correction === mood ? null : mood))}
            >
              {strings.mood[mood]}
            </button>
          ))}
          <button
            type="button"
            className="icon-button"
            aria-label={words.remove}
            onClick={() => change(api.removeCrop(cropId))}
          >
            <TrashIcon />
          </button>
        </div>
        {error !== null && <ErrorNotice error={error} />}
      </div>
    </li>
  );
}
