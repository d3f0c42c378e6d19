import type { CameraHealth } from '../live/live-state.js';
import { strings } from '../strings.js';
import { CameraOffIcon } from '../ui/icons.js';

/** What is wrong with a camera and what to do, over the place of its picture. */
export function CameraTrouble({ health }: { health: CameraHealth }) {
  const isTrouble = health.state === 'stalled' || health.state === 'gone' || health.fault !== null;
  if (!isTrouble || health.state === 'live') return null;
  const fault = health.fault ?? (health.state === 'stalled' ? 'CAMERA_STALLED' : null);
  const { what, todo } = fault === null ? strings.cameras.unknownFault : strings.cameras.fault[fault];
  return (
    <div className="trouble">
      <CameraOffIcon />
      <p>
        <strong>{what}</strong>
        <br />
        {todo}
      </p>
    </div>
  );
}
