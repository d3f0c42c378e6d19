import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_FILE, type ModelEntry } from '../models/manifest.js';
import { OWN_MODELS_FILE } from '../models/own-models.js';
import { buildModels } from './build.js';

const EXAMPLE = 'dlib-resnet-112';

/** Puts a recogniser of the operator's own into a folder of built models, as an operator would: dlib's net in
 *  ArcFace's shape, with its entry in `own.json`, where it takes the place of what was there. For trying what is done
 *  with such a file.
 *  @returns the entry */
export async function addOwnRecogniser(modelsDir: string, name: string): Promise<ModelEntry> {
  const manifest = await buildModels({ modelsDir, only: [EXAMPLE] });
  const built = manifest.models.find((model) => model.name === EXAMPLE) as ModelEntry;
  const entry = { ...built, name, file: `${name}.onnx` };
  await rename(join(modelsDir, built.file), join(modelsDir, entry.file));
  const models = manifest.models.filter((model) => model !== built);
  await writeFile(join(modelsDir, MANIFEST_FILE), JSON.stringify({ ...manifest, models }));
  await writeFile(join(modelsDir, OWN_MODELS_FILE), JSON.stringify({ models: [entry] }));
  return entry;
}
