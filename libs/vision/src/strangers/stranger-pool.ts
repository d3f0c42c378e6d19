import { cosineDistance, meanDirection } from '../models/embeddings.js';
import { scoredDistance } from '../scoring/scoring.js';
import type { LinkRule } from './link-rule.js';

/** One pass of a stranger before a camera, as it is compared with others. */
export interface StrangerPass {
  readonly sightingId: string;
  readonly cameraId: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Mean direction of its views. */
  readonly embedding: Float32Array;
  /** Whether enough was seen of it to learn from. */
  readonly isClear: boolean;
  /** Sightings that were in one frame with it: other people. */
  readonly apart: ReadonlySet<string>;
}

/** A pass that was joined to a pseudonym. */
export interface JoinedPass extends Omit<StrangerPass, 'apart' | 'isClear'> {
  /** Distance to what was known when it was joined; null for the first. */
  readonly distance: number | null;
  /** It helps to recognise the stranger. */
  readonly isTrusted: boolean;
  /** Passes that look alike; a stranger whom an operator put together of several has as many looks. */
  readonly look: string;
}

/** A stranger whom a pass might show. */
export interface Lookalike {
  readonly pseudonymId: string;
  /** Distance to the mean direction of the trusted passes of the nearest look. */
  readonly distance: number;
}

/** Where a pass belongs: to a stranger seen before, to one who is new, or too little was seen to say. */
export type Link =
  | {
      readonly kind: 'again';
      readonly pseudonymId: string;
      readonly look: string;
      readonly distance: number;
      readonly isTrusted: boolean;
    }
  | { readonly kind: 'new' }
  | { readonly kind: 'unclear' };

/** Trusted passes that a stranger is recognised by; the newest count. */
const MOST_TRUSTED = 16;

/** Two people, because both stood before one camera at one time. */
export function areApart(
  a: Pick<StrangerPass, 'cameraId' | 'startedAtMs' | 'endedAtMs'>,
  b: Pick<StrangerPass, 'cameraId' | 'startedAtMs' | 'endedAtMs'>,
): boolean {
  return a.cameraId === b.cameraId && a.startedAtMs <= b.endedAtMs && b.startedAtMs <= a.endedAtMs;
}

interface Centre {
  /** Mean direction. */
  readonly embedding: Float32Array;
  readonly crowding: number;
}

/** How much nearer than the average face's a face's strangers are, in cosine; see Crowding. */
export type CrowdingOf = (embedding: Float32Array) => number;

interface Member {
  readonly passes: Map<string, JoinedPass>;
  /** Of each look. */
  readonly centres: ReadonlyMap<string, Centre>;
}

/** The mean direction of what a stranger is recognised by. */
export function centreOf(passes: Iterable<JoinedPass>): Float32Array {
  const trusted = [...passes]
    .filter(({ isTrusted }) => isTrusted)
    .sort((a, b) => b.endedAtMs - a.endedAtMs)
    .slice(0, MOST_TRUSTED);
  return meanDirection(trusted.map(({ embedding }) => embedding));
}

interface NearestLook extends Lookalike {
  readonly look: string;
}

type Centres = Member['centres'];

function centresOf(passes: readonly JoinedPass[], crowdingOf: CrowdingOf): Centres {
  const looks = new Set(passes.filter(({ isTrusted }) => isTrusted).map(({ look }) => look));
  return new Map(
    [...looks].map((look) => {
      const embedding = centreOf(passes.filter((pass) => pass.look === look));
      return [look, { embedding, crowding: crowdingOf(embedding) }];
    }),
  );
}

/** Embeddings of another recogniser are infinitely far. */
function nearestLook(centres: Centres, { embedding, crowding }: Centre): { look: string; distance: number } {
  let best = { look: '', distance: Infinity };
  for (const [look, centre] of centres) {
    if (centre.embedding.length !== embedding.length) continue;
    const cosine = 1 - cosineDistance(centre.embedding, embedding);
    const distance = scoredDistance(cosine, centre.crowding, crowding);
    if (distance < best.distance) best = { look, distance };
  }
  return best;
}

function lookDistance(a: Centres, b: Centres): number {
  return Math.min(...[...a.values()].map((centre) => nearestLook(b, centre).distance));
}

/** Strangers who may be told apart by their faces: incremental clustering of passes, in which people who were seen
 *  together are never one. Nothing here knows of time, stores or pseudonyms' kinds. */
export class StrangerPool {
  private readonly members = new Map<string, Member>();

  /** @param crowdingOf of the recogniser's embeddings; absent: distances are 1 - cosine */
  constructor(private readonly crowdingOf: CrowdingOf = () => 0) {}

  /** Strangers with something to recognise them by. */
  get size(): number {
    return this.members.size;
  }

  passesOf(pseudonymId: string): readonly JoinedPass[] {
    return [...(this.members.get(pseudonymId)?.passes.values() ?? [])];
  }

  /** Puts these passes in place of all that a pseudonym has; none removes it. */
  replace(pseudonymId: string, passes: readonly JoinedPass[]): void {
    const centres = centresOf(passes, this.crowdingOf);
    if (centres.size === 0) this.members.delete(pseudonymId);
    else {
      const known = new Map(passes.map((pass) => [pass.sightingId, pass]));
      this.members.set(pseudonymId, { passes: known, centres });
    }
  }

  join(pseudonymId: string, pass: JoinedPass): void {
    const others = this.passesOf(pseudonymId).filter(({ sightingId }) => sightingId !== pass.sightingId);
    this.replace(pseudonymId, [...others, pass]);
  }

  /** Takes a sighting's pass away from a pseudonym. */
  leave(pseudonymId: string, sightingId: string): void {
    this.replace(
      pseudonymId,
      this.passesOf(pseudonymId).filter((pass) => pass.sightingId !== sightingId),
    );
  }

  /** Whom a pass shows. The nearest stranger within the rule's distance whom it can be; else somebody new, if enough
   *  was seen. What is joined at a doubtful distance, or was hardly seen, is joined without being learned from, so
   *  that a pseudonym cannot drift from one person to the next. */
  link(pass: StrangerPass, rule: LinkRule): Link {
    const [nearest] = this.nearest(pass, 1);
    if (nearest !== undefined && nearest.distance <= rule.same) {
      const isTrusted = pass.isClear && nearest.distance <= rule.trusted;
      return { kind: 'again', ...nearest, isTrusted };
    }
    return pass.isClear ? { kind: 'new' } : { kind: 'unclear' };
  }

  /** Strangers whom a pass can be, nearest first. */
  nearest(pass: StrangerPass, count: number): readonly NearestLook[] {
    const found: NearestLook[] = [];
    const probe = { embedding: pass.embedding, crowding: this.crowdingOf(pass.embedding) };
    for (const [pseudonymId, { passes, centres }] of this.members) {
      const { look, distance } = nearestLook(centres, probe);
      const last = found.at(-1);
      if (found.length === count && last && distance >= last.distance) continue;
      if (this.isExcluded(pass, passes)) continue;
      found.push({ pseudonymId, look, distance });
      found.sort((a, b) => a.distance - b.distance);
      if (found.length > count) found.pop();
    }
    return found;
  }

  /** Strangers who look most like one, nearest first, with whether they can be one person. */
  alike(pseudonymId: string, count: number): readonly (Lookalike & { readonly canBeOne: boolean })[] {
    const own = this.members.get(pseudonymId);
    if (own === undefined) return [];
    return [...this.members]
      .filter(([id]) => id !== pseudonymId)
      .map(([id, { centres }]) => ({ pseudonymId: id, distance: lookDistance(own.centres, centres) }))
      .filter(({ distance }) => distance < Infinity)
      .sort((a, b) => a.distance - b.distance)
      .slice(0, count)
      .map((one) => ({ ...one, canBeOne: this.canBeOne(pseudonymId, one.pseudonymId) }));
  }

  /** Whether no two passes of theirs were before one camera at one time. */
  canBeOne(a: string, b: string): boolean {
    const others = this.passesOf(b);
    return this.passesOf(a).every((one) => others.every((other) => !areApart(one, other)));
  }

  private isExcluded(pass: StrangerPass, passes: ReadonlyMap<string, JoinedPass>): boolean {
    for (const other of passes.values()) {
      if (other.sightingId === pass.sightingId) continue;
      if (pass.apart.has(other.sightingId) || areApart(pass, other)) return true;
    }
    return false;
  }
}
