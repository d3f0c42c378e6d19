import type { Identity, ViewQuality } from '@regulars/contracts';
import { areClear, type JudgedView } from '../identity/views.js';
import type { Doubt, Sure } from '../tracking/continuity.js';
import type { Track } from '../tracking/tracks.js';

/** The best crop of a person in the current second. */
export interface BestCrop {
  readonly sinceMs: number;
  readonly atMs: number;
  readonly weight: number;
  readonly jpeg: Uint8Array;
  readonly quality: ViewQuality;
}

/** One person's pass before one camera: a track and what is known of who it is. */
export interface Sighting {
  readonly sightingId: string;
  track: Track;
  identity: Identity;
  /** Views of the person; none of a doubt is among them. */
  views: readonly JudgedView[];
  /** Up to when it was surely the person it began with. */
  sure: Sure;
  doubt: Doubt | null;
  /** It may be the rest of a sighting whose track broke. */
  mayContinue: boolean;
  /** Pictures came back when it began, or stopped when it ended. */
  isCutOff: boolean;
  embeddedAtMs: number | null;
  /** Gallery that the identity was last decided by. */
  galleryRevision: number;
  crop: BestCrop | null;
  /** Keys of tracks that were seen in one frame with this one: other people. */
  readonly seenWith: Set<string>;
  /** Customers whom it cannot be. */
  readonly excluded: Set<string>;
}

export function beginSighting(sightingId: string, track: Track): Sighting {
  return {
    sightingId,
    track,
    identity: { kind: 'undecided' },
    views: [],
    sure: { atMs: track.seenAtMs, hits: track.hits },
    doubt: null,
    mayContinue: false,
    isCutOff: false,
    embeddedAtMs: null,
    galleryRevision: -1,
    crop: null,
    seenWith: new Set(),
    excluded: new Set(),
  };
}

/** Nobody walks past a camera in less: who is seen for less is seen better before or after. */
const GLIMPSE_MS = 1_000;

/** Whether so little was seen of a stranger, and nobody known by it, that it is a part of somebody's pass rather than
 *  a person more. */
export function isGlimpse({ track, identity, views, isCutOff }: Sighting): boolean {
  const isNobodyKnown = identity.kind === 'stranger' && identity.pseudonymId === undefined;
  const isShort = isCutOff || track.seenAtMs - track.bornAtMs < GLIMPSE_MS;
  return isNobodyKnown && isShort && !areClear(views);
}

/** Forgets whose face it is and what it looks like; the person is judged anew. */
export function forgetWho(sighting: Sighting): void {
  sighting.identity = { kind: 'undecided' };
  forgetFace(sighting);
}

/** Forgets what the person looks like. */
export function forgetFace(sighting: Sighting): void {
  sighting.views = [];
  sighting.doubt = null;
  sighting.embeddedAtMs = null;
  sighting.crop = null;
}
