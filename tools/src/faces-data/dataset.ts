import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join, relative } from 'node:path';
import { DatasetError } from './dataset-error.js';
import { parseLabels, truthOf, type Label, type LabelOptions, type Truth } from './labels.js';
import { readArchive } from './tar.js';

/** An encoded picture with what is known of it. */
export interface LabelledPicture extends Label {
  /** Its path inside the folder or archive. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly truth: Truth;
}

export interface DatasetOptions extends LabelOptions {
  /** A folder, or a tar archive, plain or gzip. */
  readonly data: string;
  /** CSV; without it the folder right above a picture names its class. */
  readonly labels: string | null;
}

/** What was read, and what was left out. */
export interface Dataset {
  readonly pictures: readonly LabelledPicture[];
  /** Pictures without a label that counts: none given, raters not agreed, another split. */
  readonly unlabelled: number;
  /** Labels without a picture. */
  readonly absent: readonly string[];
}

const PICTURES = new Set(['.png', '.jpg', '.jpeg', '.webp']);
const isPicture = (path: string): boolean =>
  PICTURES.has(extname(path).toLowerCase()) && !basename(path).startsWith('.');

/** Reads pictures with labels; an archive is read where it lies and nothing is unpacked.
 *  @throws DatasetError before anything is begun: no such folder, no pictures, no labels that fit, one class only */
export async function readDataset(options: DatasetOptions): Promise<Dataset> {
  const labels = options.labels === null ? null : parseLabels(await readLabels(options.labels), options);
  const pictures: LabelledPicture[] = [];
  const found = new Set<string>();
  let seen = 0;
  for await (const { path, bytes } of filesOf(options.data)) {
    seen += 1;
    const [key, label] = labelOf(path, labels);
    if (label?.truth) pictures.push({ name: path, bytes, truth: label.truth, person: label.person });
    if (label) found.add(key);
  }
  if (seen === 0) {
    throw new DatasetError(
      'DATA_EMPTY',
      '--data',
      `${options.data} holds no picture (.png, .jpg, .webp)`,
      'Give a folder or an archive with pictures in it.',
    );
  }
  const absent = [...(labels?.keys() ?? [])].filter((key) => !found.has(key));
  check(pictures, { options, seen, labelled: labels?.size ?? 0 });
  pictures.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { pictures, unlabelled: seen - pictures.length, absent };
}

type Found = readonly [string, Label | null];

/** A label may name a picture by its path or by its name alone. */
function labelOf(path: string, labels: ReadonlyMap<string, Label> | null): Found {
  if (labels === null) {
    const parts = path.split('/');
    const truth = truthOf(parts.at(-2) ?? '');
    return [path, truth === null ? null : { truth, person: null }];
  }
  const byPath = labels.get(path);
  if (byPath) return [path, byPath];
  const name = basename(path);
  return [name, labels.get(name) ?? null];
}

interface Checked {
  readonly options: DatasetOptions;
  readonly seen: number;
  readonly labelled: number;
}

function check(pictures: readonly LabelledPicture[], { options, seen, labelled }: Checked): void {
  const counts = { satisfied: 0, dissatisfied: 0 };
  for (const { truth } of pictures) if (truth === 'satisfied' || truth === 'dissatisfied') counts[truth] += 1;
  if (pictures.length === 0) {
    throw options.labels === null
      ? new DatasetError(
          'LABELS_MISSING',
          '--labels',
          `none of the ${seen} pictures lies in a folder named after a class`,
          'Give --labels CSV, or put the pictures into folders such as satisfied and dissatisfied.',
        )
      : new DatasetError(
          'PICTURES_MISSING',
          '--data',
          `none of the ${labelled} labels names one of the ${seen} pictures`,
          "The column file must hold the pictures' names or their paths inside the folder.",
        );
  }
  if (counts.satisfied > 0 && counts.dissatisfied > 0) return;
  throw new DatasetError(
    'ONE_CLASS',
    options.labels === null ? '--data' : '--labels',
    `there are ${counts.satisfied} satisfied and ${counts.dissatisfied} dissatisfied faces`,
    'Both are needed; neutral and other faces are only measured besides.',
  );
}

async function readLabels(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new DatasetError('LABELS_MISSING', '--labels', `${path} cannot be read`, 'Check the path.', {
      cause: error,
    });
  }
}

async function* filesOf(data: string): AsyncGenerator<{ path: string; bytes: Uint8Array }> {
  const kind = await stat(data).catch((cause: unknown) => {
    throw new DatasetError('DATA_MISSING', '--data', `${data} is not there`, 'Check the path.', { cause });
  });
  if (!kind.isDirectory()) {
    yield* readArchive(data, isPicture);
    return;
  }
  const entries = await readdir(data, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const path of paths.filter(isPicture).sort()) {
    yield { path: relative(data, path).replaceAll('\\', '/'), bytes: await readFile(path) };
  }
}
