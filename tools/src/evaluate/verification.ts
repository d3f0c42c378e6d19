import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readScoring, scoredDistance, type FaceScoring, type LabelledEmbedding } from '@regulars/vision';
import { embedPictures, withVision, type EmbeddedPicture } from '../faces/embed-pictures.js';
import { picturesOf } from '../faces/folder.js';
import { crowdingBy, parseScoring, wasFittedOn, type ScoringChoice } from '../faces/scored-faces.js';
import { dotProduct } from '../faces/stranger-tail.js';
import { allPairsFigures, type AllPairsFigures } from './all-pairs.js';
import { writeCard } from './card.js';
import { markdownTable } from './card-section.js';
import { parsePairs, type Pair } from './pairs.js';
import { acceptRate, foldAccuracy } from './verification-figures.js';

const USAGE =
  'npm run evaluate -- verification --images DIR --pairs FILE [--face-width PX] [--scoring shipped|crossfitted|none] [--write]';

/** False-match rates that a gallery of some hundred people needs. */
const FMRS = [1e-3, 1e-4, 1e-5];

/** The last line that the evaluation prints. */
interface Result {
  readonly pairs: number;
  readonly accuracy: number;
  /** Standard error of the mean over the folds. */
  readonly accuracyStd: number;
  readonly tarAtFar1e2: number;
  readonly tarAtFar1e3: number;
  readonly allPairs: {
    readonly tarAtFmr1e3: number;
    readonly tarAtFmr1e4: number;
    readonly tarAtFmr1e5: number;
  };
  /** Pictures in which no face was found, or none that is wide enough to identify somebody. */
  readonly facesNotFound: number;
}

/** Measures how well two photographs are told to show one person or two, with the path that an enrolment takes.
 *  What is fitted is crossfitted by person where the pictures had a part in the fit, and as shipped elsewhere. Prints
 *  one line of JSON last; `--write` puts the result with date and commit into the recogniser's model card.
 *  @throws Error on wrong arguments or pairs, RegularsError when models are missing */
export async function evaluateVerification(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      images: { type: 'string' },
      pairs: { type: 'string' },
      'face-width': { type: 'string' },
      scoring: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  if (values.images === undefined || values.pairs === undefined) throw new Error(`usage: ${USAGE}`);
  const asked = parseScoring(values.scoring);
  const faceWidthPx = parseWidth(values['face-width']);
  const { folds, pairs } = parsePairs(await readFile(values.pairs, 'utf8'));
  const { root } = await picturesOf(values.images);
  await withVision(async (vision, modelsDir) => {
    const scoring = await readScoring(modelsDir, vision.recogniser);
    const paths = pairs.flatMap(({ one, other }) => [one, other]);
    const pictures = await embedPictures(vision, root, paths, { faceWidthPx });
    const choice = asked ?? (wasFittedOn(scoring, pictures.values()) ? 'crossfitted' : 'shipped');
    const others = (['none', 'shipped', 'crossfitted'] as const).filter((each) => each !== choice);
    for (const each of asked === null ? others : []) {
      const seen = measure({ folds, pairs, pictures, scoring, choice: each });
      if (seen !== null) console.log(`${each}: ${JSON.stringify(seen.result)}`);
    }
    const measured = measure({ folds, pairs, pictures, scoring, choice });
    if (measured === null) throw new Error('too few people to crossfit');
    console.log(`scored ${choice}; ${describe(measured.all)}`);
    if (values.write) await writeCard(vision.recogniser, 'verification', USAGE, cardOf(measured, choice));
    console.log(JSON.stringify(measured.result));
  });
}

/** @throws Error when it is no width */
function parseWidth(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const width = Number(text);
  if (!(width >= 8 && width <= 400)) throw new Error('--face-width is a number of pixels from 8 to 400');
  return width;
}

interface Measurement {
  readonly folds: number;
  readonly pairs: readonly Pair[];
  readonly pictures: ReadonlyMap<string, EmbeddedPicture>;
  readonly scoring: FaceScoring;
  readonly choice: ScoringChoice;
}

interface Measured {
  readonly result: Result;
  readonly all: AllPairsFigures;
  readonly pictures: number;
}

/** @returns null when there are too few people to crossfit */
function measure({ folds, pairs, pictures, scoring, choice }: Measurement): Measured | null {
  const found = [...pictures].flatMap(([path, { embedding }]) =>
    embedding === null ? [] : [{ path, person: path.slice(0, path.indexOf('/')), embedding }],
  );
  const crowding = crowdingOrNull(choice, scoring, found);
  if (crowding === null) return null;
  const indexOf = new Map(found.map(({ path }, index) => [path, index]));
  const scored = pairs.map(({ one, other, same, fold }) => {
    const [i, j] = [indexOf.get(one), indexOf.get(other)];
    const [first, second] = [found[i ?? -1], found[j ?? -1]];
    if (!first || !second) return { distance: null, same, fold };
    const cosine = dotProduct(first.embedding, second.embedding);
    return { distance: scoredDistance(cosine, crowding[i ?? -1] ?? 0, crowding[j ?? -1] ?? 0), same, fold };
  });
  const { mean, standardError } = foldAccuracy(scored, folds);
  const all = allPairsFigures(found, crowding, FMRS);
  const [tarAtFmr1e3 = 0, tarAtFmr1e4 = 0, tarAtFmr1e5 = 0] = all.at.map(({ tar }) => tar);
  const result = {
    pairs: pairs.length,
    accuracy: round(mean),
    accuracyStd: round(standardError),
    tarAtFar1e2: round(acceptRate(scored, 1e-2)),
    tarAtFar1e3: round(acceptRate(scored, 1e-3)),
    allPairs: { tarAtFmr1e3, tarAtFmr1e4, tarAtFmr1e5 },
    facesNotFound: pictures.size - found.length,
  };
  return { result, all, pictures: pictures.size };
}

function crowdingOrNull(
  choice: ScoringChoice,
  scoring: FaceScoring,
  faces: readonly LabelledEmbedding[],
): readonly number[] | null {
  try {
    return faces.map(crowdingBy(choice, scoring, faces));
  } catch (error) {
    if (choice === 'crossfitted' && error instanceof RangeError) return null;
    throw error;
  }
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;

const describe = ({ genuine, impostor, at }: AllPairsFigures): string =>
  `all pairs: ${genuine} of one person, ${impostor} of two; ${at
    .map(({ fmr, tar, distance }) => `${tar} at ${fmr} (distance ${distance})`)
    .join(', ')}`;

function cardOf({ result, all, pictures }: Measured, choice: ScoringChoice): string[] {
  const { allPairs: _, ...figures } = result;
  return [
    markdownTable([['figure', 'value'], ...Object.entries({ ...figures, pictures, scoring: choice })]),
    `All pairs of these pictures: ${all.genuine} of one person, ${all.impostor} of two.`,
    markdownTable([
      ['false-match rate', 'matched of one person', 'distance'],
      ...all.at.map(({ fmr, tar, distance }) => [fmr, tar, distance]),
    ]),
  ];
}
