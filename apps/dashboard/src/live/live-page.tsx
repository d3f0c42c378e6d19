import { CameraGrid } from '../cameras/camera-grid.js';
import type { FrozenFace } from '../faces/frozen-face.js';
import type { PickFor } from '../shop/shop-frame.js';
import { strings } from '../strings.js';
import { ErrorBoundary } from '../ui/error-boundary.js';
import { EventStream } from './event-stream.js';
import { HereNow } from './here-now.js';

interface LivePageProps {
  readonly pickFor: PickFor | null;
  readonly onPicked: (face: FrozenFace) => void;
  readonly onStopPicking: () => void;
}

export function LivePage({ pickFor, onPicked, onStopPicking }: LivePageProps) {
  return (
    <div className="live">
      <div className="live__main">
        {pickFor !== null && (
          <div className="notice notice--accent" role="status">
            <p>
              <strong>{strings.pick.banner(pickFor.displayName)}</strong>
            </p>
            <button type="button" className="button button--quiet" onClick={onStopPicking}>
              {strings.cancel}
            </button>
          </div>
        )}
        <ErrorBoundary>
          <CameraGrid pickFor={pickFor} onPicked={onPicked} />
        </ErrorBoundary>
      </div>
      <aside className="live__side">
        <ErrorBoundary>
          <HereNow />
        </ErrorBoundary>
        <ErrorBoundary>
          <EventStream />
        </ErrorBoundary>
      </aside>
    </div>
  );
}
