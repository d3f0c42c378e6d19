import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RegularsError } from '@regulars/contracts';

/** A file of weights inside an npm package. */
export interface WeightFile {
  readonly path: string;
  readonly sha256: string;
}

/** Name of the source whose files lie in this repository: our own trainings. */
export const OWN_WEIGHTS = 'regulars';

/** The checkout, from the sources as from the build. */
const CHECKOUT = fileURLToPath(new URL('../../../../', import.meta.url));

/** Weights as an npm package or this repository carries them; another content under the same version is refused. */
export interface WeightSource {
  readonly package: string;
  readonly version: string;
  readonly licence: string;
  readonly files: readonly WeightFile[];
}

const require = createRequire(import.meta.url);

/** Reads the source's files in order and checks each against its pinned sha256.
 *  @throws RegularsError MODEL_SOURCE_CHANGED when the package or a file is absent or differs */
export async function readSource(source: WeightSource): Promise<Uint8Array[]> {
  const root = packageRoot(source);
  return Promise.all(
    source.files.map(async (file) => {
      const path = join(root, file.path);
      if (!existsSync(path)) throw changed(source, file.path, 'absent');
      const bytes = await readFile(path);
      const actual = sha256(bytes);
      if (actual !== file.sha256) throw changed(source, file.path, actual);
      return bytes;
    }),
  );
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Packages do not always export their package.json, so the folder is looked for upwards from the entry. */
function packageRoot(source: WeightSource): string {
  if (source.package === OWN_WEIGHTS) return CHECKOUT;
  for (let folder = entryFolder(source); ; folder = dirname(folder)) {
    const description = join(folder, 'package.json');
    if (existsSync(description)) {
      const { name, version } = JSON.parse(readFileSync(description, 'utf8')) as Record<string, unknown>;
      if (name === source.package && version === source.version) return folder;
      if (name === source.package) throw changed(source, 'package.json', `version ${String(version)}`);
    }
    if (folder === dirname(folder)) throw changed(source, 'package.json', 'absent');
  }
}

function entryFolder(source: WeightSource): string {
  try {
    return dirname(require.resolve(source.package));
  } catch (error) {
    throw changed(source, 'package.json', 'absent', error);
  }
}

function changed(source: WeightSource, file: string, found: string, cause?: unknown): RegularsError {
  const fields = { package: `${source.package}@${source.version}`, file, found };
  return new RegularsError('MODEL_SOURCE_CHANGED', fields, { cause });
}
