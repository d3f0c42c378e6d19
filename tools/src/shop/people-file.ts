import { readdirSync } from 'node:fs';
import { join, parse } from 'node:path';

/** A clip and whom it shows. */
export interface ClipFile {
  readonly clip: string;
  readonly person: string;
  readonly path: string;
}

/** Reads who is to be seen in which clip: CSV with the columns `clip` (a file of the folder, with or without its
 *  ending) and `person`, others are left alone.
 *  @param files names of the files in the folder of clips
 *  @throws Error naming the line and the file that is wrong */
export function parsePeople(text: string, folder: string, files: readonly string[]): readonly ClipFile[] {
  const [header = '', ...lines] = text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r?\n/);
  const columns = fieldsOf(header).map((name) => name.toLowerCase());
  const [clipAt, personAt] = [columns.indexOf('clip'), columns.indexOf('person')];
  if (clipAt < 0 || personAt < 0) throw new Error('line 1: expected the columns clip and person');
  const seen = new Set<string>();
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const fields = fieldsOf(line);
    const [clip = '', person = ''] = [fields[clipAt], fields[personAt]];
    if (clip === '' || person === '') throw new Error(`line ${index + 2}: expected a clip and a person`);
    const file = files.find((name) => name === clip) ?? files.find((name) => parse(name).name === clip);
    if (file === undefined) throw new Error(`line ${index + 2}: there is no clip ${join(folder, clip)}`);
    if (seen.has(file)) throw new Error(`line ${index + 2}: ${file} stands here twice`);
    seen.add(file);
    return [{ clip, person, path: join(folder, file) }];
  });
}

const fieldsOf = (line: string): string[] =>
  line.split(',').map((field) => field.trim().replace(/^"(.*)"$/, '$1'));

/** @throws Error when the folder cannot be read */
export function filesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    throw new Error(`the folder of clips ${folder} cannot be read`, { cause: error });
  }
}
