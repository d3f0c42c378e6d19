import { parseArgs } from 'node:util';
import { randomOf } from '@regulars/contracts/random';
import {
  distanceForRate,
  falsePositiveRate,
  readScoring,
  type FaceScoring,
  type LabelledEmbedding,
} from '@regulars/vision';
import { embedPictures, withVision } from '../faces/embed-pictures.js';
import { picturesOf } from '../faces/folder.js';
import { crowdingBy, parseScoring, wasFittedOn } from '../faces/scored-faces.js';
import { writeCard } from './card.js';
import { markdownTable } from './card-section.js';
import {
  drawPeople,
  searchDraw,
  shiftOf,
  type CrowdingOf,
  type Person,
  type Plan,
} from './identification-draw.js';
import { drawFigures, summaryOf, type DrawFigures, type Summary } from './identification-figures.js';

const USAGE =
  'npm run evaluate -- identification --images DIR --enrolled N [--enrolled N ...] --gallery-views G --probe-views P [--draws K] [--seed S] [--fpir RATE] [--scoring shipped|crossfitted|none] [--write]';

/** Measures the search of strangers and of enrolled people in a gallery (open set), and whether the budget's
 *  threshold keeps what it promises. Prints for each size of the gallery the rates with their intervals, and the last
 *  one as one line of JSON last.
 *  @throws Error on wrong arguments or too few people, RegularsError when models are missing */
export async function evaluateIdentification(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      images: { type: 'string' },
      enrolled: { type: 'string', multiple: true },
      'gallery-views': { type: 'string' },
      'probe-views': { type: 'string' },
      draws: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      fpir: { type: 'string', default: '0.01' },
      scoring: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  const images = values.images;
  if (images === undefined || values.enrolled === undefined) throw new Error(`usage: ${USAGE}`);
  const sizes = values.enrolled.map((text) => whole(text, 'enrolled'));
  const galleryViews = whole(values['gallery-views'], 'gallery-views');
  const probeViews = whole(values['probe-views'], 'probe-views');
  const draws = whole(values.draws, 'draws');
  const seed = whole(values.seed, 'seed');
  const fpir = Number(values.fpir);
  if (!(fpir > 0 && fpir < 1)) throw new Error('--fpir is a rate between 0 and 1');
  const asked = parseScoring(values.scoring);
  await withVision(async (vision, modelsDir) => {
    const scoring = await readScoring(modelsDir, vision.recogniser);
    const { root, pictures } = await picturesOf(images);
    const embedded = await embedPictures(
      vision,
      root,
      pictures.map(({ path }) => path),
    );
    const faces = pictures.flatMap(({ path, person }): LabelledEmbedding[] => {
      const embedding = embedded.get(path)?.embedding;
      return embedding ? [{ person, embedding }] : [];
    });
    const choice = asked ?? (wasFittedOn(scoring, embedded.values()) ? 'crossfitted' : 'shipped');
    console.log(`${faces.length} of ${pictures.length} pictures show a face; scored ${choice}`);
    const crowding = crowdingBy(choice, scoring, faces);
    const people = peopleOf(faces);
    const summaries = sizes.map((enrolled) => {
      const plan = { enrolled, galleryViews, probeViews };
      const random = randomOf(seed);
      const figures = Array.from({ length: draws }, () =>
        measure(people, plan, { scoring, crowding, fpir, random }),
      );
      const summary = summaryOf(plan, figures);
      console.log(summary.text);
      return summary;
    });
    if (values.write) await writeCard(vision.recogniser, 'identification', USAGE, cardOf(summaries, choice));
    console.log(JSON.stringify(summaries.at(-1)?.result));
  });
}

/** @throws Error when it is no whole number above 0 */
function whole(text: string | undefined, name: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`--${name} is a whole number above 0\nusage: ${USAGE}`);
  return value;
}

function peopleOf(faces: readonly LabelledEmbedding[]): readonly Person[] {
  const views = new Map<string, Float32Array[]>();
  for (const { person, embedding } of faces) views.set(person, [...(views.get(person) ?? []), embedding]);
  return [...views].map(([name, all]) => ({ name, views: all }));
}

interface Measure {
  readonly scoring: FaceScoring;
  readonly crowding: CrowdingOf;
  readonly fpir: number;
  readonly random: () => number;
}

function measure(
  people: readonly Person[],
  plan: Plan,
  { scoring, crowding, fpir, random }: Measure,
): DrawFigures {
  const draw = drawPeople(people, plan, random);
  const { length } = draw.gallery;
  if (length < plan.enrolled)
    throw new Error(`there are ${length} people, ${plan.enrolled} cannot be enrolled`);
  const searches = searchDraw(draw, crowding, scoring.meanNearness);
  const shift = shiftOf(draw, scoring, crowding, plan.galleryViews);
  const threshold = distanceForRate(scoring.templates, fpir, length, shift);
  const predicted = falsePositiveRate(scoring.templates, threshold, length, shift);
  return drawFigures(searches, { threshold, predicted });
}

function cardOf(summaries: readonly Summary[], choice: string): string[] {
  const [first] = summaries;
  if (first === undefined) return [];
  return [
    `Scored ${choice}; the mean of several draws.`,
    markdownTable([Object.keys(first.result), ...summaries.map(({ result }) => Object.values(result))]),
  ];
}
