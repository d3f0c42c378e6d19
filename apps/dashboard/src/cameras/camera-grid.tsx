import type { CameraView } from '@regulars/contracts';
import { useState } from 'react';
import type { FrozenFace } from '../faces/frozen-face.js';
import type { PickFor } from '../shop/shop-frame.js';
import { useResource, useShop } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { ConfirmDialog } from '../ui/confirm-dialog.js';
import { Empty } from '../ui/empty.js';
import { ErrorBoundary } from '../ui/error-boundary.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { PlusIcon } from '../ui/icons.js';
import { AddCameraDialog } from './add-camera-dialog.js';
import { CameraTile } from './camera-tile.js';

interface CameraGridProps {
  readonly pickFor: PickFor | null;
  readonly onPicked: (face: FrozenFace) => void;
}

/** All cameras of the shop, a tile each, with adding and removing. */
export function CameraGrid({ pickFor, onPicked }: CameraGridProps) {
  const { api, cameras } = useShop();
  const { value, error } = useResource(cameras);
  const [isAdding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<CameraView | null>(null);
  return (
    <section aria-labelledby="cameras-title">
      <header className="section-head">
        <h1 id="cameras-title">{strings.cameras.title}</h1>
        <button type="button" className="button" onClick={() => setAdding(true)}>
          <PlusIcon />
          {strings.cameras.add}
        </button>
      </header>
      {error !== null && (
        <ErrorNotice error={error} title={strings.cameras.loadFailed} onRetry={cameras.retry} />
      )}
      {value === null && error === null && (
        <div className="tile tile--loading" aria-label={strings.loading} />
      )}
      {value?.length === 0 && (
        <Empty title={strings.cameras.emptyTitle} text={strings.cameras.emptyText}>
          <button type="button" className="button button--accent" onClick={() => setAdding(true)}>
            {strings.cameras.add}
          </button>
        </Empty>
      )}
      <div className="tiles" data-count={value?.length ?? 0}>
        {value?.map((camera) => (
          <ErrorBoundary key={camera.cameraId}>
            <CameraTile
              camera={camera}
              pickFor={pickFor}
              onPicked={onPicked}
              onRemove={() => setRemoving(camera)}
            />
          </ErrorBoundary>
        ))}
      </div>
      {isAdding && <AddCameraDialog onClose={() => setAdding(false)} />}
      {removing !== null && (
        <ConfirmDialog
          title={strings.cameras.removeTitle(removing.name)}
          text={strings.cameras.removeText}
          confirm={strings.cameras.removeConfirm}
          onClose={() => setRemoving(null)}
          onConfirm={async () => {
            await api.removeCamera(removing.cameraId);
            cameras.request();
            setRemoving(null);
          }}
        />
      )}
    </section>
  );
}
