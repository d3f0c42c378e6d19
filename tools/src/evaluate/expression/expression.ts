import { parseArgs } from 'node:util';
import { SILENT } from '@regulars/contracts';
import { environmentOfProcess } from '@regulars/runtime';
import { openVision, readManifest, entryFor, type OpenedVision } from '@regulars/vision';
import { DatasetError } from '../../faces-data/dataset-error.js';
import { readDataset } from '../../faces-data/dataset.js';
import { openExpressionJudge } from '../../serve.js';
import { markdownTable } from '../card-section.js';
import { writeCard } from '../card.js';
import { findFaces, type Framing } from './faces.js';
import { rounded } from '../../faces-data/figures.js';
import { measureNet, WIDTHS_PX, type Judge, type NetFigures } from './measure-net.js';
import { openNet, openSeedNet, type OpenNet } from './net.js';
import { classTable, comparisonTable, variantTable } from './tables.js';

const USAGE =
  'npm run evaluate -- expression --data DIR|ARCHIVE [--labels CSV] [--votes 6] [--usage PublicTest|all] [--framing auto|crop|photograph] [--seed-head FILE] [--alone] [--write]';

/** Ready nets that are measured beside our own. */
const OTHERS = ['emotion', 'face-api-expression'];

/** Measures the expression net in use on labelled faces, as the expression service would read them, and others
 *  beside it. Prints tables, and one line of JSON last.
 *  @throws DatasetError before anything is measured; RegularsError when models are missing */
export async function evaluateExpression(args: string[]): Promise<void> {
  const options = readOptions(args);
  const dataset = await readDataset(options);
  const { modelsDir, visionProvider } = environmentOfProcess();
  let vision: OpenedVision | null = null;
  const openFinder = async (): Promise<OpenedVision> =>
    (vision ??= await openVision({ modelsDir, provider: visionProvider, threads: 1, telemetry: SILENT }));
  const { faces, notFound, unreadable } = await findFaces(dataset.pictures, options.framing, openFinder);
  await (vision as OpenedVision | null)?.close();
  if (faces.length === 0) {
    throw new DatasetError('PICTURES_UNREADABLE', '--data', 'no face could be read', 'Look at the pictures.');
  }
  console.log(
    `${faces.length} faces; ${dataset.unlabelled} pictures without a label that counts, ${dataset.absent.length} labels without a picture, ${unreadable.length} pictures unreadable, ${notFound.length} without a face`,
  );
  const known = faces.filter(({ truth }) => truth !== 'other');
  const judge: Judge = await openExpressionJudge();
  const name = entryFor(await readManifest(modelsDir), 'expression').name;
  const figures: NetFigures[] = [];
  for (const open of nets(modelsDir, name, options)) {
    const net = await open();
    // Sizes are of interest for the net in use.
    const figure = await measureNet(net, known, judge, figures.length === 0 ? WIDTHS_PX : []);
    figures.push(figure);
    console.error(`${net.name}: ${JSON.stringify(lastLine(figure))}`);
    await net.close();
  }
  await report(figures, options.write ? { name, votes: options.votes } : null);
}

interface Options {
  readonly data: string;
  readonly labels: string | null;
  readonly votes: number;
  readonly usage: string | null;
  readonly framing: Framing;
  readonly seedHead: string | null;
  readonly alone: boolean;
  readonly write: boolean;
}

function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      labels: { type: 'string' },
      votes: { type: 'string', default: '6' },
      usage: { type: 'string', default: 'PublicTest' },
      framing: { type: 'string', default: 'auto' },
      'seed-head': { type: 'string' },
      alone: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const { data, framing, usage } = values;
  const votes = Number(values.votes);
  const isFraming = framing === 'auto' || framing === 'crop' || framing === 'photograph';
  if (data === undefined || !isFraming || !Number.isInteger(votes) || votes < 1)
    throw new Error(`usage: ${USAGE}`);
  return {
    data,
    labels: values.labels ?? null,
    votes,
    usage: usage === 'all' ? null : usage,
    framing,
    seedHead: values['seed-head'] ?? null,
    alone: values.alone,
    write: values.write,
  };
}

function* nets(modelsDir: string, name: string, options: Options): Generator<() => Promise<OpenNet>> {
  yield () => openNet(modelsDir, name);
  const { seedHead } = options;
  if (seedHead !== null) yield () => openSeedNet(modelsDir, seedHead);
  if (options.alone) return;
  for (const other of OTHERS.filter((candidate) => candidate !== name)) yield () => openNet(modelsDir, other);
}

async function report(
  figures: readonly NetFigures[],
  card: { name: string; votes: number } | null,
): Promise<void> {
  const [own] = figures;
  if (own === undefined) return;
  const tables = [classTable(own), variantTable(own), comparisonTable(figures)].map(markdownTable);
  for (const table of tables) console.log(`\n${table}`);
  console.log(`\n${JSON.stringify(lastLine(own))}`);
  if (card) await writeCard(card.name, 'expression', USAGE, tables);
}

function lastLine({ plain, masked }: NetFigures): Record<string, number | null> {
  return {
    n: plain.n,
    accuracy: rounded(plain.accuracy),
    auc: rounded(plain.auc),
    macroF1: rounded(plain.macroF1),
    ece: rounded(plain.ece),
    abstained: rounded(plain.abstained),
    neutralReadAsDissatisfied: rounded(plain.neutralReadAsDissatisfied),
    maskedAccuracy: rounded(masked.acceptedAccuracy),
    maskedAbstained: rounded(masked.abstained),
  };
}
