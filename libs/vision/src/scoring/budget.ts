import { distanceAtRate, rateAt, type Tail } from './scoring.js';

/** What the gallery says about how near strangers come to it. */
export interface GalleryStatistics {
  /** Enrolled people. */
  readonly people: number;
  /** Mean number of templates of a person. */
  readonly templatesPerPerson: number;
  /** Comparisons of the gallery's own templates with other people of it: how many were made with how many
   *  templates, and the distance that the given share of them reached. Null: too few people to tell. */
  readonly own: { readonly probes: number; readonly rate: number; readonly distance: number } | null;
}

/** So many templates of the gallery's own count as much as the recogniser's measurement. */
const TRUST_AFTER = 30;

/** How far the gallery's own people lie from the recogniser's measurement: a distance by which its tail is moved.
 *  Several templates bring a person nearer to everybody, a gallery of one village nearer to each other; a stranger
 *  from the same street will find it as its own people do.
 *  @param strangers the recogniser's tail */
export function tailShift(strangers: Tail, { templatesPerPerson, own }: GalleryStatistics): number {
  const perPerson = Math.max(1, templatesPerPerson);
  const rate = own?.rate ?? 1e-3;
  const expected = distanceAtRate(strangers, rate / perPerson) - distanceAtRate(strangers, rate);
  if (own === null) return expected;
  const seen = own.distance - distanceAtRate(strangers, own.rate);
  const trust = own.probes / (own.probes + TRUST_AFTER);
  return trust * seen + (1 - trust) * expected;
}

/** Chance that somebody who is not enrolled comes within a distance of anybody who is (FPIR of one search).
 *  @param shift as tailShift gives it
 *  @returns 0 to 1 */
export function falsePositiveRate(strangers: Tail, distance: number, people: number, shift: number): number {
  return 1 - (1 - rateAt(strangers, distance - shift)) ** people;
}

/** Distance within which so many of the searches for somebody who is not enrolled end.
 *  @param rate false-positive identification rate (FPIR), above 0 and below 1
 *  @returns may be below 0: then nobody can be identified at that rate */
export function distanceForRate(strangers: Tail, rate: number, people: number, shift: number): number {
  const perPerson = 1 - (1 - rate) ** (1 / Math.max(1, people));
  return distanceAtRate(strangers, perPerson) + shift;
}
