import type { CameraMode } from '@regulars/contracts';
import type { Sighting } from '../frames/sighting.js';
import { trackKey } from '../tracking/tracks.js';
import { strangerPassOf } from './stranger-pass.js';
import type { StrangerNames } from './strangers.js';

/** Gives the strangers before one camera their pseudonyms, as soon as it is decided that they are strangers and once
 *  more when they have gone and all of them was seen. */
export class StrangerNamer {
  constructor(
    private readonly strangers: StrangerNames,
    private readonly camera: { readonly cameraId: string; readonly storeId: string },
  ) {}

  /** @param open everybody before the camera */
  name(sighting: Sighting, open: readonly Sighting[], mode: CameraMode): void {
    this.say(sighting, open, mode, false);
  }

  /** The sighting is over. */
  conclude(sighting: Sighting, open: readonly Sighting[], mode: CameraMode): void {
    this.say(sighting, open, mode, true);
  }

  private say(sighting: Sighting, open: readonly Sighting[], mode: CameraMode, isLast: boolean): void {
    const { identity } = sighting;
    if (identity.kind !== 'stranger') {
      this.strangers.withdraw(sighting.sightingId);
      return;
    }
    const { cameraId, storeId } = this.camera;
    const pass = strangerPassOf(sighting, cameraId, seenWith(sighting, open));
    if (pass === null) return;
    const pseudonymId = this.strangers.name(pass, { cameraId, storeId, mode }, isLast);
    const { pseudonymId: _before, ...stranger } = identity;
    sighting.identity = pseudonymId === null ? stranger : { ...stranger, pseudonymId };
  }
}

function seenWith(sighting: Sighting, open: readonly Sighting[]): string[] {
  const key = trackKey(sighting.track);
  return open
    .filter((other) => sighting.seenWith.has(trackKey(other.track)) || other.seenWith.has(key))
    .map(({ sightingId }) => sightingId);
}
