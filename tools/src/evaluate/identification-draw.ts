import {
  lengthLost,
  meanDirection,
  ONE_OF_SEVERAL,
  ownImpostors,
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

/** What a person is compared by. */
export interface Template extends LabelledEmbedding {
  /** Taken further by so much: one of several templates, whose mean stands beside it. */
  readonly further: number;
}

/** Somebody looked for. */
export interface Probe {
  readonly face: LabelledEmbedding;
  /** Of the mean of its views; 0 of one view. */
  readonly lengthLost: number;
  /** The place in the gallery, -1 for a stranger. */
  readonly enrolledAs: number;
}

/** One draw: who is enrolled, with which pictures, and who is looked for. */
export interface Draw {
  readonly gallery: readonly (readonly Template[])[];
  /** Person by person. */
  readonly probes: readonly Probe[];
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
  const probes: Probe[] = [];
  const enrol = ({ name, views }: Person, enrolledAs: number | null): readonly Template[] => {
    const drawn = shuffled(views, random);
    if (enrolledAs !== null)
      probes.push(probeOf(name, drawn.slice(galleryViews, galleryViews + probeViews), enrolledAs));
    return templatesOf(name, drawn.slice(0, galleryViews));
  };
  const gallery = [
    ...enough.map((person, at) => enrol(person, at)),
    ...fill.map((person) => enrol(person, null)),
  ];
  for (const { name, views } of strangers) {
    const drawn = shuffled(views, random);
    for (let from = 0; from + probeViews <= drawn.length; from += probeViews)
      probes.push(probeOf(name, drawn.slice(from, from + probeViews), -1));
  }
  return { gallery, probes };
}

function probeOf(person: string, views: readonly Float32Array[], enrolledAs: number): Probe {
  const face = { person, embedding: meanDirection(views) };
  return { face, lengthLost: lengthLost(views), enrolledAs };
}

/** A person is as near as the mean of the templates, or as the nearest of them taken a little further, as in the
 *  gallery of recognition. */
function templatesOf(person: string, views: readonly Float32Array[]): readonly Template[] {
  if (views.length === 1) return views.map((embedding) => ({ person, embedding, further: 0 }));
  return [
    ...views.map((embedding) => ({ person, embedding, further: ONE_OF_SEVERAL })),
    { person, embedding: meanDirection(views), further: 0 },
  ];
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

/** Searches a draw's gallery for each of its probes.
 *  @param meanNearness of the recogniser's scoring: probes of several views are taken further by it */
export function searchDraw(
  { gallery, probes }: Draw,
  crowdingOf: CrowdingOf,
  meanNearness = 0,
): readonly Search[] {
  const rows = rowsOf(gallery, crowdingOf);
  return probes.map(({ face, lengthLost: lost, enrolledAs }) => {
    const distances = nearestOf({ ...face, further: meanNearness * lost }, crowdingOf(face), rows);
    const distance = Math.min(...distances);
    const at = distances.indexOf(distance);
    return { distance, isRight: at === enrolledAs, isStranger: enrolledAs < 0 };
  });
}

type Rows = readonly (readonly { readonly template: Template; readonly crowding: number }[])[];

function rowsOf(gallery: Draw['gallery'], crowdingOf: CrowdingOf): Rows {
  return gallery.map((templates) =>
    templates.map((template) => ({ template, crowding: crowdingOf(template) })),
  );
}

/** For each person of the gallery the distance of the nearest template. */
function nearestOf(probe: Template, crowding: number, rows: Rows): number[] {
  return rows.map((templates) =>
    templates.reduce((nearest, { template, crowding: other }) => {
      const scored = scoredDistance(dotProduct(probe.embedding, template.embedding), crowding, other);
      return Math.min(nearest, scored + template.further + probe.further);
    }, Infinity),
  );
}

/** As recognition measures its gallery: each enrolled view against everybody else. */
export function ownOf({ gallery }: Draw, crowdingOf: CrowdingOf): GalleryStatistics['own'] {
  const rows = rowsOf(gallery, crowdingOf);
  const views = rows.flatMap((templates, person) =>
    // The last of several is their mean, which nobody is enrolled with.
    templates.slice(0, Math.max(1, templates.length - 1)).map((view) => ({ ...view, person })),
  );
  return ownImpostors(
    views.map(({ template }) => template.person),
    (index) => {
      const { template, crowding, person } = views[index] as (typeof views)[number];
      const others = rows.filter((_, other) => other !== person);
      return nearestOf({ ...template, further: 0 }, crowding, others);
    },
  );
}

/** How far the draw's gallery moves the recogniser's tail, by its own people. */
export function shiftOf(
  draw: Draw,
  scoring: FaceScoring,
  crowdingOf: CrowdingOf,
  galleryViews: number,
): number {
  const own = ownOf(draw, crowdingOf);
  return tailShift(scoring.templates, { people: draw.gallery.length, templatesPerPerson: galleryViews, own });
}
