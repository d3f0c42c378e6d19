/** A time in which one camera sends nothing. */
export interface Silence {
  readonly cameraId: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** @param silence null: no camera is ever silent */
export function silentAt(silence: Silence | null, cameraId: string, atMs: number): boolean {
  return silence !== null && silence.cameraId === cameraId && atMs >= silence.fromMs && atMs < silence.toMs;
}
