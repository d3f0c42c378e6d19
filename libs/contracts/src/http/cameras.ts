import { z } from 'zod';
import { CameraFault, CameraState } from '../events/camera-status.js';
import { CameraId, CameraMode, Instant, StoreId, TillId } from '../primitives.js';

/** Where a camera's pictures come from: an rtsp(s) address, a file below the allowed folder, or a device
 *  (`0`, `/dev/video0`). May carry credentials, so it is sealed in the store and never given back. */
export const CameraSource = z.string().trim().min(1).max(500);

const fields = {
  storeId: StoreId,
  name: z.string().trim().min(1).max(80),
  source: CameraSource,
  mode: CameraMode,
  /** The till that stands before this camera: its sales are joined to the visits seen here. Null: none. */
  tillId: TillId.nullable(),
  /** Frames per second that are looked at. */
  fps: z.number().min(0.2).max(30),
  /** Longest side of a frame, pixels; larger pictures are scaled down. */
  maxWidthPx: z.int().min(160).max(3840),
  /** No picture for this long means stalled, milliseconds. */
  stallMs: z.int().min(1_000).max(120_000),
};

export const NewCamera = z.strictObject({
  cameraId: CameraId,
  ...fields,
  storeId: fields.storeId.default('main'),
  mode: fields.mode.default('members'),
  tillId: fields.tillId.default(null),
  fps: fields.fps.default(5),
  maxWidthPx: fields.maxWidthPx.default(1280),
  stallMs: fields.stallMs.default(10_000),
});
export type NewCamera = z.infer<typeof NewCamera>;

/** Fields that are left out stay as they are: no default may step in for them. */
export const CameraChange = z.strictObject(fields).partial();
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
