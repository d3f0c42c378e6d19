/** One face of one live picture, cut out at the moment it was chosen. */
export interface FrozenFace {
  readonly cameraId: string;
  readonly capturedAt: string;
  /** JPEG of the face with its surroundings. */
  readonly jpeg: Blob;
  /** Whether the face is narrower than what enrolment asks for. */
  readonly isSmall: boolean;
}
