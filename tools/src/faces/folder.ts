import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A photograph by its path below the folder of pictures, and whose it is. */
export interface Picture {
  readonly path: string;
  readonly person: string;
}

const PICTURE = /\.(jpe?g|png|webp)$/i;

/** Pictures in a folder that has a folder for each person, as LFW has; a folder that only holds such a folder under
 *  the name `images` stands for it. In order of names.
 *  @throws Error when there are none */
export async function picturesOf(folder: string): Promise<{ root: string; pictures: readonly Picture[] }> {
  const inner = join(folder, 'images');
  const root = existsSync(inner) ? inner : folder;
  const entries = await readdir(root, { withFileTypes: true });
  const people = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const pictures: Picture[] = [];
  for (const person of people.sort()) {
    const files = await readdir(join(root, person));
    for (const file of files.filter((name) => PICTURE.test(name)).sort())
      pictures.push({ path: `${person}/${file}`, person });
  }
  if (pictures.length === 0) throw new Error(`${root} has no folder with a person's pictures`);
  return { root, pictures };
}
