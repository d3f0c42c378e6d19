import type { GalleryStatistics } from './budget.js';

/** Comparisons of two enrolled people that a rate rests on: fewer would be chance, more would tell less of the
 *  near ones that matter. */
const REACHED = 30;

/** Measures how near a gallery's people come to each other: each template (or so many, evenly taken) is compared with
 *  everybody but its own person.
 *  @param owners for each template its person
 *  @param nearestOf distance of a template to the nearest template of each other person
 *  @param mostProbes templates that look for other people, at most
 *  @returns null when there are too few people for it to tell anything */
export function ownImpostors(
  owners: readonly string[],
  nearestOf: (template: number) => Iterable<number>,
  mostProbes = 500,
): GalleryStatistics['own'] {
  const step = Math.max(1, owners.length / mostProbes);
  const probes = Array.from({ length: Math.min(owners.length, mostProbes) }, (_, i) => Math.floor(i * step));
  const nearest: number[] = [];
  let comparisons = 0;
  for (const probe of probes) {
    for (const distance of nearestOf(probe)) {
      comparisons += 1;
      if (nearest.length === REACHED && distance >= (nearest[REACHED - 1] ?? 0)) continue;
      const at = nearest.findIndex((other) => other > distance);
      nearest.splice(at < 0 ? nearest.length : at, 0, distance);
      if (nearest.length > REACHED) nearest.pop();
    }
  }
  const distance = nearest[REACHED - 1];
  // With a rate above a tenth it is the bulk that is measured, not the tail.
  if (distance === undefined || comparisons < REACHED * 10) return null;
  return { probes: probes.length, rate: REACHED / comparisons, distance };
}
