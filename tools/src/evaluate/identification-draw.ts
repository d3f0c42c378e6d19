import {
  meanDirection,
  scoredDistance,
  tailShift,
  type FaceScoring,
  type GalleryStatistics,
  type LabelledEmbedding,
} from '@regulars/vision';
import { dotProduct } from '../faces/stranger-tail.js';

/** A person's pictures. */
export interface Person {
  readonly name: string;
  readonly views: readonly Float32Array[];
}

export interface Plan {
  readonly enrolled: number;
  readonly galleryViews: number;
  readonly probeViews: number;
}

/** One draw: who is enrolled, with which pictures, and who is looked for. */
export interface Draw {
  readonly gallery: readonly LabelledEmbedding[][];
  /** Person by person; `enrolledAs` is the place in the gallery, -1 for a stranger. */
  readonly probes: readonly { readonly face: LabelledEmbedding; readonly enrolledAs: number }[];
}

/** Draws people: those with enough pictures for a gallery and a probe are enrolled and probed, the gallery is filled
 *  up from the others, and who remains is a stranger, probed with as many disjoint groups of pictures as there are.
 *  @param random 0 to 1 */
export function drawPeople(people: readonly Person[], plan: Plan, random: () => number): Draw {
  const { enrolled, galleryViews, probeViews } = plan;
  const order = shuffled(people, random);
  const enough = order.filter(({ views }) => views.length >= galleryViews + probeViews).slice(0, enrolled);
  const chosen = new Set(enough);
  const rest = order.filter((person) => !chosen.has(person));
  const fill = rest.slice(0, enrolled - enough.length);
  const strangers = rest.slice(enrolled - enough.length);
  const probes: { face: LabelledEmbedding; enrolledAs: number }[] = [];
  const enrol = ({ name, views }: Person, enrolledAs: number | null): LabelledEmbedding[] => {
    const drawn = shuffled(views, random);
    const templates = drawn.slice(0, galleryViews).map((embedding) => ({ person: name, embedding }));
    if (enrolledAs !== null) {
      const probe = drawn.slice(galleryViews, galleryViews + probeViews);
      probes.push({ face: { person: name, embedding: meanDirection(probe) }, enrolledAs });
    }
    return withMean(templates);
  };
  const gallery = [
    ...enough.map((person, at) => enrol(person, at)),
    ...fill.map((person) => enrol(person, null)),
  ];
  for (const { name, views } of strangers) {
    const drawn = shuffled(views, random);
    for (let from = 0; from + probeViews <= drawn.length; from += probeViews) {
      const embedding = meanDirection(drawn.slice(from, from + probeViews));
      probes.push({ face: { person: name, embedding }, enrolledAs: -1 });
    }
  }
  return { gallery, probes };
}

/** A person is as near as the nearest of their templates and of the mean of these, as in the gallery of recognition. */
function withMean(templates: LabelledEmbedding[]): LabelledEmbedding[] {
  const [first] = templates;
  if (first === undefined || templates.length === 1) return templates;
  const embedding = meanDirection(templates.map((template) => template.embedding));
  return [...templates, { person: first.person, embedding }];
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const list = [...items];
  for (let i = list.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j] as T, list[i] as T];
  }
  return list;
}

/** A search's outcome. */
export interface Search {
  readonly distance: number;
  /** Whether the nearest person is who was looked for; false for a stranger. */
  readonly isRight: boolean;
  readonly isStranger: boolean;
}

export type CrowdingOf = (face: LabelledEmbedding) => number;

/** Searches a draw's gallery for each of its probes. */
export function searchDraw({ gallery, probes }: Draw, crowdingOf: CrowdingOf): readonly Search[] {
  const rows = gallery.map((templates) => templates.map((face) => ({ face, crowding: crowdingOf(face) })));
  return probes.map(({ face, enrolledAs }) => {
    const crowding = crowdingOf(face);
    let best = { distance: Infinity, at: -1 };
    rows.forEach((templates, at) => {
      for (const template of templates) {
        const cosine = dotProduct(face.embedding, template.face.embedding);
        const distance = scoredDistance(cosine, crowding, template.crowding);
        if (distance < best.distance) best = { distance, at };
      }
    });
    return { distance: best.distance, isRight: best.at === enrolledAs, isStranger: enrolledAs < 0 };
  });
}

/** How far the draw's gallery moves the recogniser's tail, by its own people.
 *  @param own as recognition measures it of its gallery */
export function shiftOf(
  { gallery }: Draw,
  scoring: FaceScoring,
  own: (gallery: readonly (readonly LabelledEmbedding[])[]) => GalleryStatistics['own'],
  galleryViews: number,
): number {
  const statistics = { people: gallery.length, templatesPerPerson: galleryViews, own: own(gallery) };
  return tailShift(scoring.templates, statistics);
}
