import { FrameCaptured, type Telemetry } from '@regulars/contracts';

/** Counts a message that was thrown away before any handler had it, with the camera when it was a frame. */
export function countDrop(telemetry: Telemetry, key: string, payload: unknown): void {
  telemetry.meter.count('regulars_messages_published_total', { event: key, result: 'dropped' });
  if (key !== FrameCaptured.key) return;
  const { cameraId } = payload as { cameraId?: unknown };
  telemetry.meter.count('regulars_frames_dropped_total', { camera: String(cameraId), where: 'broker' });
}
