import type { FaceView, FrameAnalysis, Vision } from '@regulars/vision';
import { weightOf } from '../identity/views.js';
import type { SessionCamera } from './camera-session.js';
import type { IdentityJudge } from './identity-judge.js';
import type { SessionOutput } from './session-output.js';
import type { Sighting } from './sighting.js';

/** One crop of a person is given out for so long. */
const WINDOW_MS = 1_000;
/** A crop is made anew when the view is this much better. */
const BETTER = 1.1;

/** Keeps the best crop of each person in each second, for the expression service. */
export class CropKeeper {
  constructor(
    private readonly camera: SessionCamera,
    private readonly vision: Vision,
    private readonly judge: Pick<IdentityJudge, 'mayBeScored'>,
    private readonly output: SessionOutput,
  ) {}

  /** @param seen people of the frame and the faces that they are */
  async look(
    { handle, faces }: FrameAnalysis,
    seen: readonly { readonly sighting: Sighting; readonly detection: number }[],
    atMs: number,
  ): Promise<void> {
    for (const { sighting, detection } of seen) {
      if (sighting.crop !== null && atMs - sighting.crop.sinceMs >= WINDOW_MS) this.flush(sighting);
      const face = faces[detection] as FaceView;
      const weight = weightOf(face);
      const { crop } = sighting;
      if (weight === 0 || (crop !== null && weight <= crop.weight * BETTER)) continue;
      const jpeg = await this.vision.cropView(handle, face);
      if (jpeg === null) continue;
      const sinceMs = crop?.sinceMs ?? atMs;
      sighting.crop = { sinceMs, atMs, weight, jpeg, quality: face.quality };
    }
  }

  /** Gives out what is kept of a person, if the person may be scored; else it is thrown away. */
  flush(sighting: Sighting): void {
    const { crop, sightingId, identity } = sighting;
    if (crop === null) return;
    sighting.crop = null;
    if (!this.judge.mayBeScored(sighting)) return;
    const capturedAt = new Date(crop.atMs).toISOString();
    this.output.captured(
      { sightingId, ...this.camera, capturedAt, identity, quality: crop.quality },
      crop.jpeg,
    );
  }
}
