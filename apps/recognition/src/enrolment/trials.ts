import { RegularsError } from '@regulars/contracts';
import { Gallery, type GalleryTemplate } from '../gallery/gallery.js';

/** Trials at a time; of more, the one left alone for longest is forgotten. */
const MOST_TRIALS = 4;
/** Templates of one trial: 25 MB. */
const MOST_TEMPLATES = 50_000;
const KEPT_MS = 30 * 60_000;

interface Trial {
  readonly gallery: Gallery;
  usedAtMs: number;
}

/** What runs of enrolments that store nothing offered so far, so that a person whom such a run offers twice under
 *  two names is found. In memory only. */
export class Trials {
  private readonly trials = new Map<string, Trial>();

  constructor(private readonly crowdingOf: (embedding: Float32Array) => number) {}

  /** What a trial offered; empty at its first request. */
  galleryOf(trialId: string, nowMs: number): Gallery {
    this.forgetOld(nowMs);
    const known = this.trials.get(trialId) ?? { gallery: new Gallery(this.crowdingOf), usedAtMs: nowMs };
    known.usedAtMs = nowMs;
    this.trials.delete(trialId);
    this.trials.set(trialId, known);
    const oldest = this.trials.keys().next().value;
    if (this.trials.size > MOST_TRIALS && oldest !== undefined) this.trials.delete(oldest);
    return known.gallery;
  }

  /** @throws RegularsError TEMPLATES_FULL when the trial holds as much as fits */
  add(gallery: Gallery, customerId: string, templates: readonly GalleryTemplate[]): void {
    if (gallery.templates + templates.length > MOST_TEMPLATES)
      throw new RegularsError('TEMPLATES_FULL', { most: MOST_TEMPLATES });
    gallery.replace(customerId, [...gallery.templatesOf(customerId), ...templates]);
  }

  private forgetOld(nowMs: number): void {
    for (const [trialId, { usedAtMs }] of this.trials)
      if (nowMs - usedAtMs > KEPT_MS) this.trials.delete(trialId);
  }
}
