import { parseCameraSource, RegularsError } from '@regulars/contracts';

export const CAMERA_RULES = Symbol('CameraRules');

/** What may be a camera here. */
export interface CameraRules {
  readonly allowLavfi: boolean;
  /** Folder below which files may be cameras; undefined: no file may. */
  readonly filesDir: string | undefined;
}

/** Refuses a source at the door. Capture looks once more where a file really lies.
 *  @throws RegularsError CAMERA_SOURCE_REFUSED with the reason, never with the source */
export function checkCameraSource(source: string, rules: CameraRules): void {
  const { kind } = parseCameraSource(source, rules);
  if (kind === 'file' && rules.filesDir === undefined) {
    throw new RegularsError('CAMERA_SOURCE_REFUSED', {
      source: 'is a file, but CAPTURE_FILES_DIR is not set',
    });
  }
}
