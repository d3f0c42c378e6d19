import type {
  FaceCaptured,
  FacesTracked,
  SightingEnded,
  SightingIdentified,
  SightingStarted,
} from '@regulars/contracts';

/** Where a camera's session sends what it finds. Nothing here fails or waits for the broker. */
export interface SessionOutput {
  started(event: SightingStarted): Promise<void>;
  identified(event: SightingIdentified): Promise<void>;
  ended(event: SightingEnded): Promise<void>;
  /** A track went over to somebody else and was cut. */
  parted(cameraId: string): void;
  tracked(event: FacesTracked): void;
  captured(event: FaceCaptured, jpeg: Uint8Array): void;
}
