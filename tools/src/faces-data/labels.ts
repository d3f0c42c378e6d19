import { parse } from 'csv-parse/sync';
import { DatasetError } from './dataset-error.js';

/** What a face says of satisfaction; `other` (surprise, fear) is neither. */
export type Truth = 'satisfied' | 'dissatisfied' | 'neutral' | 'other';

export interface Label {
  /** Null where the raters did not agree. */
  readonly truth: Truth | null;
  /** Who is on the picture, where it is known. */
  readonly person: string | null;
}

/** Labels by file name, without folders. */
export type Labels = ReadonlyMap<string, Label>;

export interface LabelOptions {
  /** Votes of ten that must agree. */
  readonly votes: number;
  /** FER+'s split; all of them when null. */
  readonly usage: string | null;
}

const WORDS: Readonly<Record<Truth, readonly string[]>> = {
  satisfied: ['satisfied', 'happy', 'happiness', 'smile', 'smiling', 'puas'],
  dissatisfied: [
    ...['dissatisfied', 'unsatisfied', 'unhappy', 'frown', 'negative', 'tidak_puas'],
    ...['angry', 'anger', 'sad', 'sadness', 'disgust', 'disgusted', 'contempt'],
  ],
  neutral: ['neutral'],
  other: ['surprise', 'surprised', 'fear', 'afraid', 'fearful'],
};

/** The truth that a word for a class names, in whatever case; null when it names none. */
export function truthOf(word: string): Truth | null {
  const plain = word
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  const found = (Object.entries(WORDS) as [Truth, readonly string[]][]).find(([, words]) =>
    words.includes(plain),
  );
  return found?.[0] ?? null;
}

/** Words that a label may be, for messages. */
export const LABEL_WORDS: readonly string[] = Object.values(WORDS).flat();

type Row = Readonly<Record<string, string>>;

/** Reads FER+'s table of votes or a table `file,label[,person]`, told by its header.
 *  @throws DatasetError LABELS_INVALID */
export function parseLabels(csv: string, options: LabelOptions): Labels {
  const rows = readRows(csv);
  const columns = Object.keys(rows[0] ?? {});
  if (columns.includes('Image name') && columns.includes('happiness')) return ferPlus(rows, options);
  if (columns.includes('file') && columns.includes('label')) return plain(rows);
  throw invalid(
    rows.length === 0 ? 'it holds no row' : `its columns are ${columns.join(', ')}`,
    'Its first line must be file,label or file,label,person, or that of FER+ (Usage,Image name,neutral,…).',
  );
}

function readRows(csv: string): Row[] {
  try {
    return parse(csv, { columns: true, skip_empty_lines: true, trim: true, bom: true });
  } catch (error) {
    throw invalid(
      error instanceof Error ? error.message : 'it is no CSV',
      'Give a CSV file with a first line of names.',
    );
  }
}

const NEGATIVE = ['anger', 'disgust', 'sadness', 'contempt'];

function ferPlus(rows: readonly Row[], { votes, usage }: LabelOptions): Labels {
  const usages = [...new Set(rows.map((row) => row['Usage'] ?? ''))];
  if (usage !== null && !usages.includes(usage)) {
    throw new DatasetError(
      'LABELS_INVALID',
      '--usage',
      `no row is ${usage}`,
      `There are ${usages.join(', ')}.`,
    );
  }
  const labels = new Map<string, Label>();
  for (const row of rows) {
    const name = row['Image name'] ?? '';
    if (name === '' || (usage !== null && row['Usage'] !== usage)) continue;
    const of = (column: string): number => {
      const count = Number(row[column]);
      if (!Number.isFinite(count) || count < 0)
        throw invalid(`votes of ${name} for ${column} are no number`, 'Mend that row.');
      return count;
    };
    labels.set(name, { truth: agreed(of, votes), person: null });
  }
  return labels;
}

function agreed(of: (column: string) => number, votes: number): Truth | null {
  if (of('happiness') >= votes) return 'satisfied';
  if (NEGATIVE.reduce((sum, column) => sum + of(column), 0) >= votes) return 'dissatisfied';
  if (of('neutral') >= votes) return 'neutral';
  return of('surprise') + of('fear') >= votes ? 'other' : null;
}

function plain(rows: readonly Row[]): Labels {
  const labels = new Map<string, Label>();
  rows.forEach((row, index) => {
    const [file = '', label = ''] = [row['file'], row['label']];
    const truth = truthOf(label);
    if (file === '') throw invalid(`row ${index + 2} names no file`, 'Name one, or delete the row.');
    if (truth === null)
      throw invalid(`row ${index + 2} says ${label}`, `Known are ${LABEL_WORDS.join(', ')}.`);
    labels.set(file, { truth, person: row['person'] ? row['person'] : null });
  });
  return labels;
}

const invalid = (problem: string, remedy: string): DatasetError =>
  new DatasetError('LABELS_INVALID', '--labels', problem, remedy);
