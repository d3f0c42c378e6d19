import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SILENT } from '@regulars/contracts';
import { environmentOfProcess } from '@regulars/runtime';
import { cosineDistance, decodePhotograph, openVision, type OpenedVision } from '@regulars/vision';
import { ROOT } from '../root.js';
import { allPairsFigures, type AllPairsFigures } from './all-pairs.js';
import { markdownTable, replaceSection } from './card-section.js';
import { parsePairs, type Pair } from './pairs.js';
import { acceptRate, foldAccuracy } from './verification-figures.js';

const USAGE = 'npm run evaluate -- verification --images DIR --pairs FILE [--write]';

/** False-match rates that a gallery of some hundred people needs. */
const FMRS = [1e-2, 1e-3, 1e-4, 1e-5];

/** The last line that the evaluation prints. */
interface Result {
  readonly accuracy: number;
  /** Standard error of the mean over the folds. */
  readonly accuracyStd: number;
  readonly tarAtFar1e2: number;
  readonly tarAtFar1e3: number;
  readonly facesNotFound: number;
  readonly pairs: number;
  readonly pictures: number;
  readonly recogniser: string;
  /** Cosine distance that judges most of the pairs rightly. */
  readonly threshold: number;
  readonly allPairs: AllPairsFigures;
}

/** Measures how well two photographs are told to show one person or two, with the path that an enrolment takes.
 *  Of several faces in a photograph the one nearest its middle is meant, as in LFW. Prints one line of JSON last;
 *  `--write` puts the result with date and commit into the recogniser's model card.
 *  @throws Error on wrong arguments or pairs, RegularsError when models are missing */
export async function evaluateVerification(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      images: { type: 'string' },
      pairs: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  if (values.images === undefined || values.pairs === undefined) throw new Error(`usage: ${USAGE}`);
  const { folds, pairs } = parsePairs(await readFile(values.pairs, 'utf8'));
  const { modelsDir, visionProvider, visionThreads } = environmentOfProcess();
  const vision = await openVision({
    modelsDir,
    provider: visionProvider,
    threads: visionThreads ?? availableParallelism(),
    telemetry: SILENT,
  });
  try {
    const faces = await embedAll(vision, values.images, pairs);
    const result = summarise(vision.recogniser, { folds, pairs, faces });
    if (values.write) await writeCard(result);
    console.log(JSON.stringify(result));
  } finally {
    await vision.close();
  }
}

/** The embedding of each picture by path; null when no face was found in it. */
type Faces = ReadonlyMap<string, Float32Array | null>;

/** Photographs on their way at a time: enough to keep every worker busy while the next is read. */
const IN_FLIGHT = 8;

async function embedAll(vision: OpenedVision, folder: string, pairs: readonly Pair[]): Promise<Faces> {
  const paths = [...new Set(pairs.flatMap(({ one, other }) => [one, other]))].sort();
  const faces = new Map<string, Float32Array | null>();
  const queue = paths.values();
  const work = async (): Promise<void> => {
    for (const path of queue) {
      faces.set(path, await embed(vision, join(folder, path)));
      if (faces.size % 500 === 0) console.error(`${faces.size} of ${paths.length} photographs`);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  return faces;
}

async function embed(vision: OpenedVision, path: string): Promise<Float32Array | null> {
  const bytes = await readFile(path);
  const { widthPx, heightPx } = await decodePhotograph(bytes);
  const fromMiddle = ({
    boxPx,
  }: {
    boxPx: { x: number; y: number; width: number; height: number };
  }): number =>
    Math.hypot(boxPx.x + boxPx.width / 2 - widthPx / 2, boxPx.y + boxPx.height / 2 - heightPx / 2);
  const found = await vision.analysePhotograph(bytes);
  const [nearest] = [...found].sort((one, other) => fromMiddle(one) - fromMiddle(other));
  return nearest?.embedding ?? null;
}

interface Scored {
  readonly folds: number;
  readonly pairs: readonly Pair[];
  readonly faces: Faces;
}

function summarise(recogniser: string, { folds, pairs, faces }: Scored): Result {
  const scored = pairs.map(({ one, other, same, fold }) => {
    const [first, second] = [faces.get(one), faces.get(other)];
    return { distance: first && second ? cosineDistance(first, second) : null, same, fold };
  });
  const { mean, standardError, threshold } = foldAccuracy(scored, folds);
  const found = [...faces].flatMap(([path, embedding]) =>
    embedding === null ? [] : [{ person: path.slice(0, path.indexOf('/')), embedding }],
  );
  return {
    accuracy: round(mean),
    accuracyStd: round(standardError),
    tarAtFar1e2: round(acceptRate(scored, 1e-2)),
    tarAtFar1e3: round(acceptRate(scored, 1e-3)),
    facesNotFound: faces.size - found.length,
    pairs: pairs.length,
    pictures: faces.size,
    recogniser,
    threshold: round(threshold),
    allPairs: allPairsFigures(found, FMRS),
  };
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;

async function writeCard(result: Result): Promise<void> {
  const path = join(ROOT, 'models', 'cards', `${result.recogniser}.md`);
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: ROOT,
    encoding: 'utf8',
  }).trim();
  const date = new Date().toISOString().slice(0, 10);
  const { allPairs, ...figures } = result;
  const section = [
    `Measured on ${date} at commit ${commit} with \`${USAGE}\`:`,
    markdownTable([['figure', 'value'], ...Object.entries(figures)]),
    `All pairs of these pictures: ${allPairs.genuine} of one person, ${allPairs.impostor} of two.`,
    markdownTable([
      ['false-match rate', 'matched of one person', 'cosine distance'],
      ...allPairs.at.map(({ fmr, tar, distance }) => [fmr, tar, distance]),
    ]),
  ].join('\n\n');
  await writeFile(path, replaceSection(await readFile(path, 'utf8'), 'verification', section));
}
