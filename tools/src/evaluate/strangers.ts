import { readFile, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { randomOf } from '@regulars/contracts/random';
import { type CrowdingOf, crowdingOf, distanceAtRate, linkRule, readScoring } from '@regulars/vision';
import { embedPictures, withVision } from '../faces/embed-pictures.js';
import { picturesOf } from '../faces/folder.js';
import { crowdingBy } from '../faces/scored-faces.js';
import { ROOT } from '../root.js';
import type { LabelledEmbedding } from './all-pairs.js';
import { markdownTable, replaceSection } from './card-section.js';
import { parsePairs } from './pairs.js';
import { type ClusterFigures, clusterPasses, tunedDistance } from './stranger-figures.js';

const USAGE = 'npm run evaluate -- strangers --images DIR --pairs FILE [--draws N] [--write]';
/** What the tuned threshold must keep on the fold it is tuned on. */
const LEAST_PURITY = 0.995;
const STEPS = Array.from({ length: 31 }, (_, i) => 0.02 + i * 0.002);

interface Row extends ClusterFigures {
  readonly rule: 'shipped' | 'tuned on the other fold';
  readonly fold: number;
  readonly distance: number;
}

/** Measures how well strangers are known again: each photograph comes before a camera once, in random order, people
 *  of each fold by themselves. Reported with the threshold in use, and with one tuned on the other fold. Crowding is
 *  crossfitted by person: nothing about a person is learned from that person. The last line is JSON; `--write` puts
 *  the table into docs/strangers.md.
 *  @throws Error on wrong arguments or pairs, RegularsError when models are missing */
export async function evaluateStrangers(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      images: { type: 'string' },
      pairs: { type: 'string' },
      draws: { type: 'string', default: '5' },
      write: { type: 'boolean', default: false },
    },
  });
  const draws = Number(values.draws);
  if (values.images === undefined || values.pairs === undefined || !(draws >= 1))
    throw new Error(`usage: ${USAGE}`);
  const { folds, pairs } = parsePairs(await readFile(values.pairs, 'utf8'));
  if (folds < 2) throw new Error('two folds at least: a threshold is tuned on one and measured on another');
  const { root } = await picturesOf(values.images);
  await withVision(async (vision, modelsDir) => {
    const scoring = await readScoring(modelsDir, vision.recogniser);
    const foldOf = new Map(
      pairs.flatMap(({ one, other, fold }) => [[one, fold] as const, [other, fold] as const]),
    );
    const pictures = await embedPictures(vision, root, [...foldOf.keys()]);
    const faces = [...pictures].flatMap(([path, { embedding }]) =>
      embedding === null
        ? []
        : [{ person: path.split('/')[0] ?? '', fold: foldOf.get(path) ?? 0, embedding }],
    );
    const crossfitted = crowdingBy('crossfitted', scoring, faces);
    const known = new Map(faces.map((face) => [face.embedding, crossfitted(face)]));
    // A pseudonym's mean direction is nobody's photograph: what the services use stands in.
    const crowding: CrowdingOf = (embedding) =>
      known.get(embedding) ?? crowdingOf(scoring.crowding, embedding);
    const orders = (fold: number): LabelledEmbedding[][] =>
      Array.from({ length: draws }, (_, i) =>
        shuffled(
          faces.filter((face) => face.fold === fold),
          randomOf(i + 1),
        ),
      );
    const shippedRule = (strangers: number) =>
      linkRule(strangers, (rate) => distanceAtRate(scoring.templates, rate));
    const rows: Row[] = [];
    for (const fold of [0, 1]) {
      const tuned = tunedDistance(orders(1 - fold), LEAST_PURITY, STEPS, crowding);
      const measure = (rule: Row['rule'], ruleFor: typeof shippedRule): Row => ({
        ...meanOf(orders(fold).map((order) => clusterPasses(order, ruleFor, crowding))),
        rule,
        fold: fold + 1,
        distance: ruleFor(faces.length / 4).same,
      });
      rows.push(measure('shipped', shippedRule));
      rows.push(measure('tuned on the other fold', () => ({ same: tuned, trusted: tuned * 0.85 })));
    }
    if (values.write) await write(rows, draws);
    for (const row of rows) console.log(JSON.stringify(row));
    console.log(JSON.stringify(meanOf(rows.filter(({ rule }) => rule === 'shipped'))));
  });
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as T, order[i] as T];
  }
  return order;
}

const FIGURES = [
  'passes',
  'people',
  'pseudonyms',
  'purity',
  'completeness',
  'wrongLinks',
  'knownAgain',
] as const;

function meanOf(all: readonly ClusterFigures[]): ClusterFigures {
  const mean = (key: (typeof FIGURES)[number]) => all.reduce((sum, one) => sum + one[key], 0) / all.length;
  return Object.fromEntries(
    FIGURES.map((key) => [key, Math.round(mean(key) * 1e4) / 1e4]),
  ) as unknown as ClusterFigures;
}

async function write(rows: readonly Row[], draws: number): Promise<void> {
  const path = join(ROOT, 'docs', 'strangers.md');
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: ROOT,
    encoding: 'utf8',
  }).trim();
  const date = new Date().toISOString().slice(0, 10);
  const table = markdownTable([
    [
      'fold',
      'threshold',
      'people',
      'pseudonyms',
      'purity',
      'completeness',
      'taken for somebody else',
      'known again',
    ],
    ...rows.map((row) => [
      row.fold,
      `${row.rule} (${row.distance.toFixed(3)})`,
      row.people,
      row.pseudonyms,
      row.purity,
      row.completeness,
      row.wrongLinks,
      row.knownAgain,
    ]),
  ]);
  const text = `LFW folds 1 and 2, ${draws} random orders, on ${date} at commit ${commit}; crowding crossfitted by person:\n\n${table}`;
  await writeFile(path, replaceSection(await readFile(path, 'utf8'), 'strangers', text));
}
