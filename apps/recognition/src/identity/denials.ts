import { cosineDistance, meanDirection } from '@regulars/vision';
import type { SearchResult } from '../gallery/gallery.js';
import type { JudgedView } from './views.js';

/** Passes of identified people that are remembered, in case that an operator says it was somebody else. */
const MOST_PASSES = 500;
/** Wrong recognitions that are obeyed for other passes too. */
const MOST_DENIALS = 200;
const KEPT_MS = 24 * 3_600_000;

interface Pass {
  readonly sightingId: string;
  readonly customerId: string;
  readonly embedding: Float32Array;
  readonly atMs: number;
}

/** What operators said was wrong, for the people before the cameras of this process: who was taken for somebody once
 *  is not taken for the same one again. Only in memory, and for a day: somebody who is not enrolled is not stored. */
export class Denials {
  private passes: readonly Pass[] = [];
  private denied: readonly Pass[] = [];

  /** Remembers a pass of somebody who was identified. */
  remember(sightingId: string, customerId: string, views: readonly JudgedView[], atMs: number): void {
    const embedding = meanDirection(views.map((view) => view.embedding));
    this.passes = [...this.passes, { sightingId, customerId, embedding, atMs }].slice(-MOST_PASSES);
  }

  /** Takes down that a pass does not show a customer. */
  deny(sightingId: string, customerId: string): void {
    const pass = this.passes.find((one) => one.sightingId === sightingId && one.customerId === customerId);
    if (pass === undefined) return;
    this.passes = this.passes.filter((one) => one !== pass);
    this.denied = [...this.denied, pass].slice(-MOST_DENIALS);
  }

  /** The search without its nearest person where the view is nearer to somebody who is known not to be that one. */
  obey(found: SearchResult, embedding: Float32Array, atMs: number): SearchResult {
    const { best } = found;
    if (best === null) return found;
    const isDenied = this.denied.some(
      (pass) =>
        pass.customerId === best.customerId &&
        Math.abs(atMs - pass.atMs) < KEPT_MS &&
        cosineDistance(pass.embedding, embedding) <= best.distance,
    );
    return isDenied ? { best: found.runnerUp, runnerUp: null } : found;
  }

  /** Forgets the faces of all passes but those of customers who are still known. */
  keepOnly(isKnown: (customerId: string) => boolean): void {
    this.passes = this.passes.filter((pass) => isKnown(pass.customerId));
    this.denied = this.denied.filter((pass) => isKnown(pass.customerId));
  }
}
