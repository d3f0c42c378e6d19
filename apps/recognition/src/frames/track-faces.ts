import type { FrameAnalysis, Vision } from '@regulars/vision';
import { directionOf, type FaceDistance, weightOf } from '../identity/views.js';
import { mayBeAnother, trackKey, type Track, type TrackRule, type Unlikeness } from '../tracking/tracks.js';
import type { Sighting } from './sighting.js';

/** Doubtful faces that are looked at for tracking, a frame. */
const MOST_DOUBTS = 6;

const NOBODY: ReadonlyMap<number, Float32Array> = new Map();

/** What the people before a camera look like, where their place does not say who is who. */
export class TrackFaces {
  /** @param sightings of the camera, by the keys of their tracks */
  constructor(
    private readonly vision: Pick<Vision, 'embedViews'>,
    private readonly sightings: ReadonlyMap<string, Sighting>,
    private readonly distance: FaceDistance,
  ) {}

  /** Embeddings of faces whose place does not say which track they are, where a track's face is known.
   *  @param doubtful their numbers */
  async embed(
    { handle, faces }: FrameAnalysis,
    doubtful: readonly number[],
  ): Promise<ReadonlyMap<number, Float32Array>> {
    if (![...this.sightings.values()].some(({ views }) => views.length > 0)) return NOBODY;
    const some = doubtful.filter((i) => faces[i] && weightOf(faces[i]) > 0).slice(0, MOST_DOUBTS);
    if (some.length === 0) return NOBODY;
    const chosen = some.flatMap((i) => faces[i] ?? []);
    const embeddings = await this.vision.embedViews(handle, chosen);
    return new Map(some.flatMap((i, k) => (embeddings?.[k] ? [[i, embeddings[k]] as const] : [])));
  }

  /** How unlike a track's person a detected face is. Somebody new comes in where another went out, and half in the
   *  picture a face cannot be compared: there a known person's track does not go on by its place alone. */
  unlikeness(
    embedded: ReadonlyMap<number, Float32Array>,
    { faces, widthPx }: FrameAnalysis,
    atMs: number,
    { blindMs }: Pick<TrackRule, 'blindMs'>,
  ): Unlikeness {
    return (track: Track, detection: number) => {
      const views = this.sightings.get(trackKey(track))?.views ?? [];
      if (views.length === 0) return null;
      const embedding = embedded.get(detection);
      if (embedding) return this.distance(directionOf(views), embedding);
      if (atMs - track.seenAtMs > blindMs) return Infinity;
      const box = faces[detection]?.boxPx;
      return box && mayBeAnother(track, box, widthPx, atMs) ? Infinity : null;
    };
  }
}
