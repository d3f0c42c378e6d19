import { NewCamera } from '@regulars/contracts';

interface Configuration extends NewCamera {
  /** Rises with every change. */
  readonly revision: number;
}

export interface FleetPlan<Camera> {
  readonly added: readonly Camera[];
  readonly changed: readonly Camera[];
  readonly kept: readonly Camera[];
  readonly removed: readonly string[];
}

/** What has to happen for the running cameras to become the wanted ones.
 *  @param wanted all cameras there are @param running those that run here */
export function planFleet<Camera extends Configuration>(
  wanted: readonly Camera[],
  running: readonly Configuration[],
): FleetPlan<Camera> {
  const revisions = new Map(running.map((camera) => [camera.cameraId, camera.revision]));
  const ids = new Set(wanted.map((camera) => camera.cameraId));
  return {
    added: wanted.filter((camera) => !revisions.has(camera.cameraId)),
    changed: wanted.filter(
      (camera) => (revisions.get(camera.cameraId) ?? camera.revision) !== camera.revision,
    ),
    kept: wanted.filter((camera) => revisions.get(camera.cameraId) === camera.revision),
    removed: running.map((camera) => camera.cameraId).filter((cameraId) => !ids.has(cameraId)),
  };
}

/** Whether two configurations say the same of a camera. */
export function isSameCamera(one: NewCamera, other: NewCamera): boolean {
  return Object.keys(NewCamera.shape).every(
    (key) => one[key as keyof NewCamera] === other[key as keyof NewCamera],
  );
}
