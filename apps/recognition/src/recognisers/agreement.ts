import type { RecogniserAgreement } from '@regulars/contracts';
import { crowdingOf, type FaceScoring } from '@regulars/vision';
import { Gallery, type GalleryTemplate } from '../gallery/gallery.js';
import { budgetState } from '../identity/budget.js';

/** A template, and which one another recogniser made of the same photograph. */
export interface PairedTemplate extends GalleryTemplate {
  readonly twinOf?: string;
}

/** Everything that a recogniser knows, and how its distances are judged. */
export interface Side {
  readonly model: string;
  readonly scoring: FaceScoring;
  readonly templates: readonly PairedTemplate[];
}

export interface Tolerated {
  readonly wrongPerWeek: number;
  readonly passesPerWeek: number;
}

/** Photographs that are searched for, evenly taken; two searches each, of 1 ms for 10,000 templates. */
const MOST_COMPARED = 2_000;
const MOST_LISTED = 1_000;
const MOST_CONFUSED = 100;
/** So many searches are made before others of this process have their turn. */
const IN_A_ROW = 20;

/** A recogniser's templates as a gallery of their own, with the threshold that it would have. */
class Sided {
  readonly gallery: Gallery;
  readonly threshold: number;

  constructor({ scoring, templates }: Side, tolerated: Tolerated) {
    this.gallery = new Gallery((embedding) => crowdingOf(scoring.crowding, embedding));
    this.gallery.replaceAll(templates);
    const { customers: people, templates: count } = this.gallery;
    const own = this.gallery.ownImpostors();
    this.threshold = budgetState(scoring, { ...tolerated, people, templates: count, own }).rule.threshold;
  }

  /** Whom a template's photograph would be taken for, were the template not there.
   *  @returns null when nobody is near enough */
  whoIs({ templateId, customerId, embedding }: GalleryTemplate) {
    const all = this.gallery.templatesOf(customerId);
    this.gallery.replace(
      customerId,
      all.filter((template) => template.templateId !== templateId),
    );
    const { best } = this.gallery.search(embedding);
    this.gallery.replace(customerId, all);
    return best !== null && best.distance <= this.threshold ? best : null;
  }
}

/** How two recognisers decide about the same photographs, each searched for among all templates but its own, and who
 *  is known to the first alone. */
export async function compareSides(
  serving: Side,
  beside: Side,
  tolerated: Tolerated,
): Promise<RecogniserAgreement> {
  const [one, other] = [new Sided(serving, tolerated), new Sided(beside, tolerated)];
  const pairs = evenly(pairsOf(serving.templates, beside.templates), MOST_COMPARED);
  const found = { same: 0, other: 0, none: 0, gained: 0 };
  const wrong = { serving: 0, beside: 0 };
  const confused: RecogniserAgreement['confused'][number][] = [];
  for (const [index, [before, after]] of pairs.entries()) {
    if (index % IN_A_ROW === IN_A_ROW - 1) await new Promise((resolve) => setImmediate(resolve));
    const { customerId } = before;
    const [was, is] = [one.whoIs(before), other.whoIs(after)];
    found[verdictOf(was?.customerId, is?.customerId)] += 1;
    if (was !== null && was.customerId !== customerId) wrong.serving += 1;
    if (is === null || is.customerId === customerId) continue;
    wrong.beside += 1;
    confused.push({ customerId, takenFor: is.customerId, distance: is.distance });
  }
  const unknown = uncoveredOf(serving.templates, beside.templates);
  return {
    serving: serving.model,
    beside: beside.model,
    thresholds: { serving: one.threshold, beside: other.threshold },
    people: one.gallery.customers,
    uncovered: unknown.length,
    uncoveredCustomers: unknown.slice(0, MOST_LISTED),
    compared: pairs.length,
    ...found,
    wrong,
    confused: confused.sort((a, b) => a.distance - b.distance).slice(0, MOST_CONFUSED),
  };
}

function verdictOf(was: string | undefined, is: string | undefined): 'same' | 'other' | 'none' | 'gained' {
  if (was === is) return 'same';
  if (was === undefined) return 'gained';
  return is === undefined ? 'none' : 'other';
}

type Pair = readonly [serving: PairedTemplate, beside: PairedTemplate];

/** Templates of the same photographs; either may be the twin of the other. */
function pairsOf(serving: readonly PairedTemplate[], beside: readonly PairedTemplate[]): readonly Pair[] {
  const byId = new Map(serving.map((template) => [template.templateId, template]));
  const byTwin = new Map(
    serving.flatMap((template) =>
      template.twinOf === undefined ? [] : [[template.twinOf, template] as const],
    ),
  );
  return beside.flatMap((template): Pair[] => {
    const twin = byId.get(template.twinOf ?? '') ?? byTwin.get(template.templateId);
    return twin === undefined ? [] : [[twin, template]];
  });
}

function evenly<Item>(items: readonly Item[], most: number): readonly Item[] {
  const step = Math.max(1, items.length / most);
  return Array.from({ length: Math.min(items.length, most) }, (_, i) => items[Math.floor(i * step)] as Item);
}

function uncoveredOf(serving: readonly GalleryTemplate[], beside: readonly GalleryTemplate[]): string[] {
  const known = new Set(beside.map(({ customerId }) => customerId));
  return [...new Set(serving.map(({ customerId }) => customerId))].filter((id) => !known.has(id)).sort();
}
