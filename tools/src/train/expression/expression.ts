import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { environmentOfProcess } from '@regulars/runtime';
import { randomOf, shuffled } from '@regulars/contracts/random';
import type { HeadProgress } from '@regulars/vision';
import { readDataset, type Dataset } from '../../faces-data/dataset.js';
import { accuracyOf, aucOf, calibrationErrorOf, macroF1Of, rounded } from '../../faces-data/figures.js';
import { outsideOfCheckout } from '../../faces-data/outside.js';
import { auditDataset, auditLines } from './audit.js';
import { trainBetterRecipe } from './better-recipe.js';
import { reportPage, scoresOf, type Report } from './report.js';
import { trainSeedRecipe } from './seed-recipe.js';
import { splitGroups } from './split.js';

const USAGE =
  'npm run train -- expression --data DIR|ARCHIVE [--labels CSV] --recipe seed|better --out DIR [--votes 6] [--usage Training|all] [--epochs 50] [--seed 1] [--limit N] [--python PATH]';

/** Trains a net that tells satisfied from dissatisfied faces. `seed`: the second seed paper's recipe on the frozen
 *  body, in TypeScript. `better`: the recipe of training/expression, where a Python with PyTorch is. The data are
 *  examined first; what is wrong with them is said before any training.
 *  @throws DatasetError */
export async function trainExpression(args: string[]): Promise<void> {
  const options = readOptions(args);
  const outDir = outsideOfCheckout(options.out);
  if (options.recipe === 'better') {
    await trainBetterRecipe({ ...options, outDir });
    return;
  }
  const dataset = limited(await readDataset(options), options.limit, options.seed);
  const { audit, examples, groups } = await auditDataset(dataset);
  for (const line of auditLines(audit)) console.log(line);
  const sides = splitGroups(
    groups,
    examples.map(({ satisfied }) => satisfied),
    options.seed,
  );
  await mkdir(outDir, { recursive: true });
  const { trained, scores, augmentedPictures } = await trainSeedRecipe({
    modelsDir: environmentOfProcess().modelsDir,
    outDir,
    examples,
    sides,
    seed: options.seed,
    epochs: options.epochs,
    onProgress: (line) => console.error(line),
    onEpoch: (progress, secondsLeft) => console.error(epochLine(progress, secondsLeft)),
  });
  const report: Report = {
    title: "Expression: the seed paper's recipe, split before augmentation",
    audit,
    examples,
    sides,
    scores,
    progress: trained.progress,
    taken: trained.epoch,
    augmentedPictures,
  };
  const page = join(outDir, 'report.html');
  await writeFile(page, reportPage(report));
  console.log(`report: ${page}; head: ${join(outDir, 'seed.head')}`);
  const test = scoresOf(report, 'test');
  const figures = {
    n: test.length,
    accuracy: rounded(accuracyOf(test)),
    auc: rounded(aucOf(test)),
    macroF1: rounded(macroF1Of(test)),
    ece: rounded(calibrationErrorOf(test)),
    epoch: trained.epoch,
  };
  console.log(JSON.stringify(figures));
}

interface Options {
  readonly data: string;
  readonly labels: string | null;
  readonly recipe: 'seed' | 'better';
  readonly out: string;
  readonly votes: number;
  readonly usage: string | null;
  readonly epochs: number;
  readonly seed: number;
  readonly limit: number | null;
  readonly python: string;
}

function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      labels: { type: 'string' },
      recipe: { type: 'string', default: 'seed' },
      out: { type: 'string' },
      votes: { type: 'string', default: '6' },
      usage: { type: 'string', default: 'Training' },
      epochs: { type: 'string', default: '50' },
      seed: { type: 'string', default: '1' },
      limit: { type: 'string' },
      python: { type: 'string', default: 'python3' },
    },
  });
  const { data, out, recipe } = values;
  const numbers = [values.votes, values.epochs, values.seed, values.limit ?? '1'].map(Number);
  const numbersFit = numbers.every((number) => Number.isInteger(number) && number >= 1);
  if (data === undefined || out === undefined || !numbersFit || (recipe !== 'seed' && recipe !== 'better')) {
    throw new Error(`usage: ${USAGE}`);
  }
  const [votes = 6, epochs = 50, seed = 1, limit = 1] = numbers;
  return {
    ...{ data, out, recipe, votes, epochs, seed },
    labels: values.labels ?? null,
    usage: values.usage === 'all' ? null : values.usage,
    limit: values.limit === undefined ? null : limit,
    python: values.python,
  };
}

/** A random part of a data set, for a quick try. */
function limited(dataset: Dataset, limit: number | null, seed: number): Dataset {
  const { pictures } = dataset;
  if (limit === null || pictures.length <= limit) return dataset;
  const two = pictures.filter(({ truth }) => truth === 'satisfied' || truth === 'dissatisfied');
  const order = [...shuffled(two.length, randomOf(seed))].slice(0, limit);
  return { ...dataset, pictures: order.flatMap((index) => two[index] ?? []) };
}

const BAR = 24;

function epochLine({ epoch, epochs, training, validation }: HeadProgress, secondsLeft: number): string {
  const done = Math.round((epoch / epochs) * BAR);
  const bar = `${'#'.repeat(done)}${'.'.repeat(BAR - done)}`;
  const checked = validation
    ? `, validation ${validation.loss.toFixed(4)} ${validation.accuracy.toFixed(3)}`
    : '';
  return `[${bar}] ${epoch}/${epochs} loss ${training.loss.toFixed(4)} accuracy ${training.accuracy.toFixed(3)}${checked}, ${Math.ceil(secondsLeft)} s left`;
}
