import {
  cosineDistance,
  meanDirection,
  ONE_OF_SEVERAL,
  ownImpostors,
  scoredDistance,
  type GalleryStatistics,
} from '@regulars/vision';
import type { Candidate } from '../identity/identity.js';
import { RowMatrix } from './row-matrix.js';

/** An embedding that somebody is recognised by. */
export interface GalleryTemplate {
  readonly templateId: string;
  readonly customerId: string;
  /** Unit length. */
  readonly embedding: Float32Array;
}

/** The nearest two people to a probe. */
export interface SearchResult {
  readonly best: Candidate | null;
  readonly runnerUp: Candidate | null;
}

const FIRST_CAPACITY = 64;
/** Where two recognisers' scales are compared: of so many comparisons of two people one lies at or below a distance. */
export const STRANGERS_RATE = 1e-3;
/** That distance of dlib-resnet (its scoring). */
const DLIB_STRANGERS_AT = 0.0733;
/** Comparisons made to measure how near the gallery's people come to each other: a quarter of a second. */
const MOST_COMPARISONS = 2_000_000;
const LEAST_PROBES = 50;

/** What a person is compared by: a template, or the mean direction of several. */
interface Look {
  /** Unit length. */
  readonly embedding: Float32Array;
  /** Half of its crowding, which makes everybody further away who comes near to many, and what one template of several
   *  is taken further. */
  readonly further: number;
}

/** Templates of all enrolled people, searched exactly: every template is compared, and each person is as near as the
 *  mean direction of theirs, or as the nearest of them taken a little further. The comparisons are made in 16-bit
 *  numbers, and anew in floats for everybody who might be one of the nearest two. */
export class Gallery {
  private matrix: RowMatrix | null = null;
  private rows = 0;
  /** For each row its look's `further`. */
  private further = new Float32Array(FIRST_CAPACITY);
  /** For each row, its person as a number. */
  private personOfRow = new Int32Array(FIRST_CAPACITY);
  private people: string[] = [];
  private readonly numberOf = new Map<string, number>();
  private readonly rowsOf = new Map<string, readonly GalleryTemplate[]>();
  private readonly looksOf = new Map<string, readonly Look[]>();
  private changes = 0;
  /** Components of an embedding: those of the first. */
  private dimensions = 0;
  private enrolledTemplates = 0;

  /** @param crowdingOf of an embedding, by the recogniser's scoring; nothing when it is compared by cosine alone
   *  @param strangersAt distance below which 1 in 1,000 comparisons of two people lies, by the recogniser's scoring */
  constructor(
    private readonly crowdingOf: (embedding: Float32Array) => number = () => 0,
    private readonly strangersAt = DLIB_STRANGERS_AT,
  ) {}

  get templates(): number {
    return this.enrolledTemplates;
  }

  get customers(): number {
    return this.rowsOf.size;
  }

  /** Grows with every change, so that a decision knows whether it is out of date. */
  get revision(): number {
    return this.changes;
  }

  templatesOf(customerId: string): readonly GalleryTemplate[] {
    return this.rowsOf.get(customerId) ?? [];
  }

  /** Puts these templates in place of all that a customer has; none removes the customer.
   *  @throws RangeError when an embedding has another length than the gallery's
   *  @returns whether anything changed */
  replace(customerId: string, templates: readonly GalleryTemplate[]): boolean {
    const before = this.templatesOf(customerId);
    if (this.rows === 0) this.begin(templates[0]?.embedding.length ?? 0);
    const wrong = templates.find((template) => template.embedding.length !== this.dimensions);
    if (wrong) throw new RangeError(`expected ${this.dimensions} components, got ${wrong.embedding.length}`);
    const ids = (some: readonly GalleryTemplate[]) =>
      some
        .map((t) => t.templateId)
        .sort()
        .join();
    if (ids(before) === ids(templates)) return false;
    if (before.length > 0) this.remove(customerId);
    if (templates.length > 0) this.append(customerId, templates);
    this.changes += 1;
    return true;
  }

  /** Puts these templates in place of everything.
   *  @returns whether anything changed */
  replaceAll(templates: Iterable<GalleryTemplate>): boolean {
    const byCustomer = new Map<string, GalleryTemplate[]>();
    for (const template of templates) {
      const known = byCustomer.get(template.customerId);
      if (known) known.push(template);
      else byCustomer.set(template.customerId, [template]);
    }
    const gone = [...this.rowsOf.keys()].filter((customerId) => !byCustomer.has(customerId));
    const removed = gone.map((customerId) => this.replace(customerId, []));
    const changed = [...byCustomer].map(([customerId, own]) => this.replace(customerId, own));
    return [...removed, ...changed].includes(true);
  }

  /** The nearest person and the nearest other one, however far.
   *  @param probe unit length */
  search(probe: Float32Array): SearchResult {
    const similarities = this.similarities(probe);
    let [first, second] = [-Infinity, -Infinity];
    for (let person = 0; person < similarities.length; person++) {
      const similarity = similarities[person] as number;
      if (similarity > first) [first, second] = [similarity, first];
      else if (similarity > second) second = similarity;
    }
    const enough = second - 2 * (this.matrix?.worstError ?? 0);
    const candidates: Candidate[] = [];
    for (let person = 0; person < similarities.length; person++) {
      if ((similarities[person] as number) >= enough) candidates.push(this.candidate(person, probe));
    }
    const [best = null, runnerUp = null] = candidates.sort((one, other) => one.distance - other.distance);
    return { best, runnerUp };
  }

  /** A person with the exact distance. */
  private candidate(person: number, probe: Float32Array): Candidate {
    const customerId = this.people[person] as string;
    const looks = this.looksOf.get(customerId) ?? [];
    const own = this.crowdingOf(probe) / 2;
    const distances = looks.map((look) => 1 - dotProduct(look.embedding, probe) + look.further + own);
    return { customerId, distance: Math.max(0, Math.min(...distances)) };
  }

  /** One of the same recogniser in which nobody is. */
  emptied(): Gallery {
    return new Gallery(this.crowdingOf, this.strangersAt);
  }

  /** How unlike two faces are: their scored distance, in dlib-resnet's scale whatever the recogniser is, so that bounds
   *  measured on the one hold for the other as far as strangers lie alike.
   *  @param one unit length
   *  @param other unit length */
  distance(one: Float32Array, other: Float32Array): number {
    const scored = scoredDistance(
      1 - cosineDistance(one, other),
      this.crowdingOf(one),
      this.crowdingOf(other),
    );
    return (scored * DLIB_STRANGERS_AT) / this.strangersAt;
  }

  /** How near the gallery's people come to each other; null when there are too few to tell. */
  ownImpostors(): GalleryStatistics['own'] {
    const all = [...this.rowsOf.values()].flat();
    const mostProbes = Math.max(LEAST_PROBES, Math.floor(MOST_COMPARISONS / Math.max(1, this.rows)));
    return ownImpostors(
      all.map(({ customerId }) => customerId),
      (template) => {
        const { customerId, embedding } = all[template] as GalleryTemplate;
        const distances = this.similarities(embedding).map((similarity) => Math.max(0, 1 - similarity));
        const own = this.numberOf.get(customerId);
        return distances.filter((_, person) => person !== own);
      },
      mostProbes,
    );
  }

  /** For each person by number the similarity of the nearest look, to `worstError`: cosine less half of both
   *  crowdings. */
  private similarities(probe: Float32Array): Float32Array {
    const nearest = new Float32Array(this.people.length).fill(-Infinity);
    const { matrix, rows, personOfRow, further } = this;
    if (matrix === null || rows === 0) return nearest;
    const own = this.crowdingOf(probe) / 2;
    const products = matrix.products(probe, rows);
    for (let row = 0; row < rows; row++) {
      const similarity = (products[row] as number) * RowMatrix.unit - (further[row] as number) - own;
      const person = personOfRow[row] as number;
      if (similarity > (nearest[person] as number)) nearest[person] = similarity;
    }
    return nearest;
  }

  /** An empty gallery takes embeddings of any length. */
  private begin(dimensions: number): void {
    if (dimensions === this.dimensions) return;
    this.dimensions = dimensions;
    this.matrix = null;
  }

  private append(customerId: string, templates: readonly GalleryTemplate[]): void {
    const matrix = (this.matrix ??= new RowMatrix(this.dimensions));
    const looks = this.looksAt(templates);
    const needed = this.rows + looks.length;
    if (needed > this.personOfRow.length) this.grow(Math.max(needed, this.personOfRow.length * 2));
    const person = this.numberOf.get(customerId) ?? this.people.push(customerId) - 1;
    this.numberOf.set(customerId, person);
    for (const { embedding, further } of looks) {
      matrix.set(this.rows, embedding);
      this.further[this.rows] = further;
      this.personOfRow[this.rows] = person;
      this.rows += 1;
    }
    this.rowsOf.set(customerId, [...templates]);
    this.looksOf.set(customerId, looks);
    this.enrolledTemplates += templates.length;
  }

  private looksAt(templates: readonly GalleryTemplate[]): readonly Look[] {
    const embeddings = templates.map(({ embedding }) => embedding);
    const lookAt = (embedding: Float32Array, more: number): Look => ({
      embedding,
      further: this.crowdingOf(embedding) / 2 + more,
    });
    if (embeddings.length === 1) return embeddings.map((embedding) => lookAt(embedding, 0));
    return [
      ...embeddings.map((embedding) => lookAt(embedding, ONE_OF_SEVERAL)),
      lookAt(meanDirection(embeddings), 0),
    ];
  }

  private grow(capacity: number): void {
    const [further, personOfRow] = [new Float32Array(capacity), new Int32Array(capacity)];
    further.set(this.further);
    personOfRow.set(this.personOfRow);
    [this.further, this.personOfRow] = [further, personOfRow];
  }

  /** Closes the gap with the last rows, and overwrites those: nobody stays in memory. */
  private remove(customerId: string): void {
    const person = this.numberOf.get(customerId);
    for (let row = this.rows - 1; row >= 0; row--) {
      if (this.personOfRow[row] !== person) continue;
      const last = this.rows - 1;
      this.matrix?.copy(last, row);
      this.matrix?.clear(last);
      this.personOfRow[row] = this.personOfRow[last] as number;
      this.further[row] = this.further[last] as number;
      this.rows = last;
    }
    this.enrolledTemplates -= this.templatesOf(customerId).length;
    this.rowsOf.delete(customerId);
    this.looksOf.delete(customerId);
    this.forgetNumber(customerId, person as number);
  }

  /** The last person takes the number of the one who is gone. */
  private forgetNumber(customerId: string, person: number): void {
    const last = this.people.length - 1;
    const moved = this.people[last] as string;
    for (let row = 0; row < this.rows; row++)
      if (this.personOfRow[row] === last) this.personOfRow[row] = person;
    this.people[person] = moved;
    this.numberOf.set(moved, person);
    this.numberOf.delete(customerId);
    this.people.pop();
  }
}

function dotProduct(one: Float32Array, other: Float32Array): number {
  let product = 0;
  for (let i = 0; i < one.length; i += 1) product += (one[i] as number) * (other[i] as number);
  return product;
}
