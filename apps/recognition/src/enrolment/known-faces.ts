import type { Gallery } from '../gallery/gallery.js';

/** Tells who of the enrolled a face would be taken for. */
export class KnownFaces {
  constructor(
    private readonly gallery: Gallery,
    private readonly rules: { rule(): { readonly threshold: number } },
  ) {}

  /** @param customerId whose face it is said to be
   *  @param others galleries to look in besides
   *  @returns the nearest other customer within the threshold of recognition; null when there is none */
  otherThan(customerId: string, embedding: Float32Array, others: readonly Gallery[] = []): string | null {
    const { threshold } = this.rules.rule();
    const near = [this.gallery, ...others].flatMap((gallery) => {
      const { best, runnerUp } = gallery.search(embedding);
      const other = best?.customerId === customerId ? runnerUp : best;
      return other !== null && other.distance <= threshold ? [other] : [];
    });
    const [nearest] = near.sort((one, another) => one.distance - another.distance);
    return nearest?.customerId ?? null;
  }
}
