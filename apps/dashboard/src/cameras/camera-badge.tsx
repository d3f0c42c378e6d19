import { sinceText } from '../format.js';
import type { CameraHealth } from '../live/live-state.js';
import { strings } from '../strings.js';
import { useNow } from '../ui/use-now.js';

/** A camera's state as a word; its colour only repeats it. */
export function CameraBadge({ health }: { health: CameraHealth }) {
  const now = useNow();
  return (
    <span className={`badge badge--${health.state}`}>
      <span className="badge__dot" aria-hidden="true" />
      {strings.cameras.state[health.state](sinceText(health.since, now))}
    </span>
  );
}
