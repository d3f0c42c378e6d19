/** Two photographs, by path below the folder of pictures, and whether they show one person. */
export interface Pair {
  readonly one: string;
  readonly other: string;
  readonly same: boolean;
  /** Counted from 0. */
  readonly fold: number;
}

/** Reads a list of pairs in LFW's form: a first line with the number of folds (left out when there is one) and
 *  of pairs of each kind per fold; then per fold so many pairs of one person (name, number, number) and as many
 *  of two (name, number, name, number), separated by tabs.
 *  @throws Error naming the line that has another form */
export function parsePairs(text: string): { readonly folds: number; readonly pairs: readonly Pair[] } {
  const [header = '', ...lines] = text.trimEnd().split(/\r?\n/);
  const numbers = header.split('\t').map(Number);
  const [folds = 0, perKind = 0] = numbers.length === 1 ? [1, ...numbers] : numbers;
  if (!(folds >= 1 && perKind >= 1)) throw new Error(`line 1: expected the number of folds and of pairs`);
  if (lines.length !== folds * perKind * 2) {
    throw new Error(`expected ${folds * perKind * 2} pairs after the first line, found ${lines.length}`);
  }
  return {
    folds,
    pairs: lines.map((line, index) => ({
      ...parseLine(line, index + 2),
      fold: Math.floor(index / (perKind * 2)),
    })),
  };
}

function parseLine(line: string, number: number): Omit<Pair, 'fold'> {
  const fields = line.split('\t');
  const [name = '', first = '', second = '', third = ''] = fields;
  if (fields.length === 3) return { one: picture(name, first), other: picture(name, second), same: true };
  if (fields.length === 4) return { one: picture(name, first), other: picture(second, third), same: false };
  throw new Error(`line ${number}: expected 3 or 4 fields, found ${fields.length}`);
}

const picture = (name: string, number: string): string => `${name}/${name}_${number.padStart(4, '0')}.jpg`;
