import { z } from 'zod';
import { CameraFault, CameraState } from '../events/camera-status.js';
import { CameraId, CameraMode, Instant, StoreId } from '../primitives.js';

/** Where a camera's pictures come from: an rtsp(s) address, a file below the allowed folder, or a device
 *  (`0`, `/dev/video0`). May carry credentials, so it is sealed in the store and never given back. */
export const CameraSource = z.string().trim().min(1).max(500);

export const NewCamera = z.strictObject({
  cameraId: CameraId,
  storeId: StoreId.default('main'),
  name: z.string().trim().min(1).max(80),
  source: CameraSource,
  mode: CameraMode.default('members'),
  /** Frames per second that are looked at. */
  fps: z.number().min(0.2).max(30).default(5),
  /** Longest side of a frame, pixels; larger pictures are scaled down. */
  maxWidthPx: z.int().min(160).max(3840).default(1280),
  /** No picture for this long means stalled, milliseconds. */
  stallMs: z.int().min(1_000).max(120_000).default(10_000),
});
export type NewCamera = z.infer<typeof NewCamera>;

export const CameraChange = NewCamera.omit({ cameraId: true }).partial();
export type CameraChange = z.infer<typeof CameraChange>;

export const CameraView = z.strictObject({
  ...NewCamera.omit({ source: true }).shape,
  /** The source without its credentials. */
  source: z.string(),
  status: z.strictObject({
    state: CameraState,
    fault: CameraFault.nullable(),
    since: Instant,
    widthPx: z.int().nullable(),
    heightPx: z.int().nullable(),
  }),
});
export type CameraView = z.infer<typeof CameraView>;
