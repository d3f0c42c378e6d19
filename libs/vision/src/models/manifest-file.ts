import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, RegularsError } from '@regulars/contracts';
import { z } from 'zod';
import { MANIFEST_FILE, ModelManifest, type ModelEntry, type ModelRole } from './manifest.js';
import { OWN_MODELS_FILE, type OwnProblem, readOwnModels } from './own-models.js';

/** The models that come with Regulars and those of the operator's own.
 *  @throws RegularsError MODEL_MISSING when there is no manifest, MODEL_CORRUPT when it cannot be read */
export async function readManifest(modelsDir: string): Promise<ModelManifest> {
  const manifest = await readBuilt(modelsDir);
  const { models } = await readOwnModels(modelsDir, namesOf(manifest));
  return { ...manifest, models: [...manifest.models, ...models] };
}

const namesOf = ({ models }: ModelManifest): readonly string[] => models.map(({ name }) => name);

/** The recogniser of that name.
 *  @throws RegularsError MODEL_MISSING naming those there are; MODEL_CORRUPT with what is wrong with its entry */
export async function readRecogniser(modelsDir: string, name: string): Promise<ModelEntry> {
  const manifest = await readBuilt(modelsDir);
  const { models, problems } = await readOwnModels(modelsDir, namesOf(manifest));
  const recognisers = [...manifest.models, ...models].filter(({ role }) => role === 'recognition');
  const found = recognisers.find((model) => model.name === name);
  if (found !== undefined) return found;
  const wrong = problems.find((one) => one.name === name) ?? problems.find((one) => one.name === null);
  if (wrong !== undefined)
    throw new RegularsError('MODEL_CORRUPT', { model: name, file: OWN_MODELS_FILE, problem: wrong.problem });
  throw new RegularsError('MODEL_MISSING', { model: name, known: recognisers.map((model) => model.name) });
}

/** Names of the recognisers there are, and what is wrong with entries of the operator's own. */
export async function listRecognisers(
  modelsDir: string,
): Promise<{ readonly names: readonly string[]; readonly problems: readonly OwnProblem[] }> {
  const manifest = await readBuilt(modelsDir);
  const { models, problems } = await readOwnModels(modelsDir, namesOf(manifest));
  const recognisers = [...manifest.models, ...models].filter(({ role }) => role === 'recognition');
  return { names: recognisers.map(({ name }) => name), problems };
}

async function readBuilt(modelsDir: string): Promise<ModelManifest> {
  const text = await readModelFile(join(modelsDir, MANIFEST_FILE), MANIFEST_FILE);
  const parsed = ModelManifest.safeParse(parse(new TextDecoder().decode(text)));
  if (parsed.success) return parsed.data;
  throw new RegularsError('MODEL_CORRUPT', { file: MANIFEST_FILE, problem: z.prettifyError(parsed.error) });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RegularsError(
      'MODEL_CORRUPT',
      { file: MANIFEST_FILE, problem: messageOf(error) },
      { cause: error },
    );
  }
}

/** @throws RegularsError MODEL_MISSING, naming the file and the folder it was expected in */
export async function readModelFile(path: string, model: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new RegularsError('MODEL_MISSING', { model, path, problem: messageOf(error) }, { cause: error });
  }
}

/** @throws RegularsError MODEL_MISSING when the manifest does not list the model */
export function entryNamed(manifest: ModelManifest, name: string): ModelEntry {
  const entry = manifest.models.find((model) => model.name === name);
  if (entry !== undefined) return entry;
  throw new RegularsError('MODEL_MISSING', {
    model: name,
    known: manifest.models.map((model) => model.name),
  });
}

/** The model in use for a role.
 *  @throws RegularsError MODEL_MISSING when the manifest names none */
export function entryFor(manifest: ModelManifest, role: ModelRole): ModelEntry {
  const name = manifest.roles[role];
  if (name === undefined) throw new RegularsError('MODEL_MISSING', { role });
  return entryNamed(manifest, name);
}
