import { assertNever, type Identity } from '@regulars/contracts';
import type { FaceView, FrameAnalysis, Vision } from '@regulars/vision';
import type { Gallery } from '../gallery/gallery.js';
import { NO_STAFF, type Staff } from '../gallery/staff-roll.js';
import {
  claimOf,
  decideIdentity,
  settleRivalry,
  type Claim,
  type IdentityRule,
  type Vote,
} from '../identity/identity.js';
import { Denials } from '../identity/denials.js';
import type { RuleSource } from '../identity/budget-keeper.js';
import { areClear, isWorthCloseLook, isWorthEmbedding, weightOf } from '../identity/views.js';
import { trackKey } from '../tracking/tracks.js';
import { forgetWho, type Sighting } from './sighting.js';
import { takeView } from './own-views.js';

/** Faces embedded in one frame at most, beyond those that tracking asked for (6 ms each). */
const MOST_EMBEDDED = 3;

/** What a frame told. */
export interface Judged {
  /** About whom something was decided. */
  readonly decided: readonly Sighting[];
  /** Whose track went over to somebody else; the views since then are held in the doubt. */
  readonly parted: readonly Sighting[];
}

/** A person of the frame and the face that it is. */
export interface SeenFace {
  readonly sighting: Sighting;
  readonly detection: number;
}

/** Says who the people before a camera are, by their best views and the gallery. */
export class IdentityJudge {
  private readonly denials = new Denials();
  /** Of the gallery when those whom it had lost were last forgotten. */
  private forgottenAt = -1;

  constructor(
    private readonly vision: Vision,
    private readonly gallery: Gallery,
    private readonly rules: RuleSource,
    private readonly staff: Staff = NO_STAFF,
  ) {}

  /** One who knows nobody, and whose passes tell nothing of how near strangers come. */
  lookingNobodyUp(): IdentityJudge {
    return new IdentityJudge(this.vision, this.gallery.emptied(), this.rules);
  }

  /** How unlike two faces are. */
  distance(one: Float32Array, other: Float32Array): number {
    return this.gallery.distance(one, other);
  }

  /** Whether a person's expression may be looked at: that of staff never, and where there are staff, that of nobody
   *  before it is known who they are. */
  mayBeScored({ identity }: Pick<Sighting, 'identity'>): boolean {
    switch (identity.kind) {
      case 'identified':
        return !this.staff.has(identity.customerId);
      case 'stranger':
        return true;
      case 'undecided':
        return !this.staff.any;
      default:
        return assertNever(identity);
    }
  }

  /** Looks at the frame's worthwhile views and decides anew about everybody of whom there is something new: a
   *  view, or another gallery.
   *  @param embedded embeddings of the frame's faces that are known already
   *  @returns those about whom something was decided, and those whose track shows somebody else by now */
  async judge(
    analysis: FrameAnalysis,
    seen: readonly SeenFace[],
    open: readonly Sighting[],
    atMs: number,
    embedded: ReadonlyMap<number, Float32Array>,
  ): Promise<Judged> {
    const { changed, parted } = await this.takeViews(analysis, seen, open, atMs, embedded);
    const { revision } = this.gallery;
    const due = open.filter((s) => changed.has(s) || (s.galleryRevision !== revision && s.views.length > 0));
    if (due.length === 0) return { decided: [], parted };
    const rule = this.rules.rule();
    const claims = new Map(due.map((sighting) => [sighting, this.claimOf(sighting, rule)]));
    this.settle(open, claims, rule);
    const decided = due.filter((sighting) =>
      this.decide(sighting, claims.get(sighting) ?? null, rule, false),
    );
    return { decided, parted };
  }

  /** Decides about somebody who has gone: of whom enough was seen to judge, but not to name, is a stranger. Of the scrap
   *  of a broken track nothing is decided, since its person counts already.
   *  @returns whether that was not decided before */
  conclude(sighting: Sighting): boolean {
    if (sighting.views.length === 0 || isScrap(sighting)) return false;
    const isDecided = this.decide(sighting, null, this.rules.rule(), true);
    this.countPass(sighting);
    const { identity, sightingId, views, track } = sighting;
    if (identity.kind === 'identified')
      this.denials.remember(sightingId, identity.customerId, views, track.seenAtMs);
    return isDecided;
  }

  /** An operator says that a sighting does not show a customer. Of one that is over, the face is not taken for that
   *  customer again today; one that is open is decided anew, by what else is seen.
   *  @returns whether anybody of those who are open was meant */
  deny(sightingId: string, customerId: string, open: Iterable<Sighting>): boolean {
    this.denials.deny(sightingId, customerId);
    for (const sighting of open) {
      if (sighting.sightingId !== sightingId) continue;
      const { identity, views, track } = sighting;
      sighting.excluded.add(customerId);
      if (identity.kind === 'identified' && identity.customerId === customerId) {
        this.denials.remember(sightingId, customerId, views, track.seenAtMs);
        this.denials.deny(sightingId, customerId);
        sighting.identity = { kind: 'undecided' };
        sighting.galleryRevision = -1;
      }
      return true;
    }
    return false;
  }

  /** Somebody else than who it was taken for is a stranger to the pass: how often one comes within the threshold is
   *  what a stranger's pass must expect. */
  private countPass({ identity, views }: Sighting): void {
    if (this.gallery.customers === 0) return;
    const { threshold } = this.rules.rule();
    const own = identity.kind === 'identified' ? identity.customerId : null;
    const isNear = views.some(({ embedding }) => {
      const { best, runnerUp } = this.gallery.search(embedding);
      const other = best?.customerId === own ? runnerUp : best;
      return other !== null && other.distance <= threshold;
    });
    this.rules.countPass(isNear);
  }

  /** Who was erased, or lost the last template, is nobody known any more: no face of earlier passes stays, and with
   *  a sighting that is open neither the name nor the views. */
  forgetRemoved(open: Iterable<Sighting>): void {
    const isKnown = (customerId: string) => this.gallery.templatesOf(customerId).length > 0;
    if (this.gallery.revision !== this.forgottenAt) this.denials.keepOnly(isKnown);
    this.forgottenAt = this.gallery.revision;
    for (const sighting of open) {
      const { identity } = sighting;
      if (identity.kind === 'identified' && !isKnown(identity.customerId)) forgetWho(sighting);
    }
  }

  private async takeViews(
    { handle, faces }: FrameAnalysis,
    seen: readonly SeenFace[],
    open: readonly Sighting[],
    atMs: number,
    embedded: ReadonlyMap<number, Float32Array>,
  ): Promise<{ readonly changed: ReadonlySet<Sighting>; readonly parted: readonly Sighting[] }> {
    const worthwhile = seen
      .map((one) => ({ ...one, weight: weightOf(faces[one.detection] as FaceView) }))
      .filter(({ sighting, weight, detection }) =>
        embedded.has(detection)
          ? weight > 0
          : sighting.doubt !== null
            ? weight > 0
            : isWorthEmbedding(sighting, weight, atMs, sighting.identity.kind === 'identified'),
      )
      .sort((a, b) => a.sighting.views.length - b.sighting.views.length || b.weight - a.weight);
    const fresh = worthwhile.filter(({ detection }) => !embedded.has(detection)).slice(0, MOST_EMBEDDED);
    const close = fresh.filter(({ sighting, weight }) => isWorthCloseLook(sighting.views, weight));
    const quick = fresh.filter((one) => !close.includes(one));
    const all = new Map(embedded);
    const isClose = new Set<number>();
    for (const [look, some] of [['close', close] as const, ['quick', quick] as const]) {
      if (some.length === 0) continue;
      const chosen = some.map(({ detection }) => faces[detection] as FaceView);
      const embeddings = await this.vision.embedViews(handle, chosen, look);
      some.forEach(({ detection }, i) => {
        if (embeddings?.[i]) all.set(detection, embeddings[i]);
        if (look === 'close') isClose.add(detection);
      });
    }
    const changed = new Set<Sighting>();
    const parted: Sighting[] = [];
    for (const { sighting, detection, weight } of worthwhile) {
      const embedding = all.get(detection);
      if (!embedding) continue;
      const view = { atMs, embedding, weight, isClose: isClose.has(detection) };
      const taken = takeView(sighting, view, open, (one, other) => this.distance(one, other));
      if (taken === 'kept') changed.add(sighting);
      if (taken === 'another') parted.push(sighting);
      sighting.embeddedAtMs = atMs;
    }
    return { changed, parted };
  }

  private claimOf(sighting: Sighting, rule: IdentityRule): Claim | null {
    const votes: Vote[] = sighting.views.map(({ atMs, weight, embedding }) => ({
      atMs,
      weight,
      ...this.denials.obey(this.gallery.search(embedding), embedding, atMs),
    }));
    sighting.galleryRevision = this.gallery.revision;
    return claimOf(votes, sighting.excluded, rule);
  }

  /** Takes away the claims of those who cannot be whom they claim, until nobody does. */
  private settle(open: readonly Sighting[], claims: Map<Sighting, Claim | null>, rule: IdentityRule): void {
    const byKey = new Map(open.map((sighting) => [trackKey(sighting.track), sighting]));
    const areApart = (a: string, b: string) =>
      (byKey.get(a)?.seenWith.has(b) ?? false) || (byKey.get(b)?.seenWith.has(a) ?? false);
    for (let round = 0; round < open.length; round++) {
      const contenders = [...byKey].map(([key, sighting]) => ({
        key,
        identity: sighting.identity,
        claim: claims.get(sighting) ?? null,
      }));
      const losers = settleRivalry(contenders, areApart);
      if (losers.size === 0) return;
      for (const [key, customerId] of losers) {
        const sighting = byKey.get(key) as Sighting;
        sighting.excluded.add(customerId);
        claims.set(sighting, this.claimOf(sighting, rule));
      }
    }
  }

  private decide(sighting: Sighting, claim: Claim | null, rule: IdentityRule, isLast: boolean): boolean {
    const before: Identity = sighting.identity;
    const judged = sighting.views.length;
    const model = this.vision.recogniser;
    sighting.identity = decideIdentity(before, claim, judged, rule, { model, isLast });
    return sighting.identity.kind !== before.kind;
  }
}

/** The rest of a broken track of which too little was seen to know it again. */
function isScrap({ mayContinue, identity, views }: Sighting): boolean {
  return mayContinue && identity.kind === 'undecided' && !areClear(views);
}
