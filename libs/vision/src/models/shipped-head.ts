import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { RegularsError } from '@regulars/contracts';
import type { Head } from '../expression/head.js';
import { decodeHead } from '../expression/head-file.js';
import { readModelFile } from './manifest-file.js';
import type { ModelEntry } from './manifest.js';

/** The head that is inside a model, from its own file.
 *  @returns null when the model has none beside it
 *  @throws RegularsError MODEL_MISSING, MODEL_CORRUPT */
export async function openShippedHead(modelsDir: string, { name, head }: ModelEntry): Promise<Head | null> {
  if (head === undefined) return null;
  const bytes = await readModelFile(join(modelsDir, head.file), name);
  const actualSha256 = createHash('sha256').update(bytes).digest('hex');
  if (actualSha256 !== head.sha256) {
    throw new RegularsError('MODEL_CORRUPT', { file: head.file, expectedSha256: head.sha256, actualSha256 });
  }
  return decodeHead(bytes);
}
