import { sinceText } from '../format.js';
import type { CameraHealth } from '../live/live-state.js';
import { strings } from '../strings.js';
import { useNow } from '../ui/use-now.js';

interface CameraBadgeProps {
  readonly health: CameraHealth;
  /** Whether the page itself is cut off, so that the state may be an old one. */
  readonly isLinkLost: boolean;
}

/** A camera's state as a word; its colour only repeats it. */
export function CameraBadge({ health, isLinkLost }: CameraBadgeProps) {
  const now = useNow();
  if (isLinkLost) return <span className="badge">{strings.cameras.cutOff}</span>;
  return (
    <span className={`badge badge--${health.state}`}>
      <span className="badge__dot" aria-hidden="true" />
      {strings.cameras.state[health.state](sinceText(health.since, now))}
    </span>
  );
}
