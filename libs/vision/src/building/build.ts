import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RegularsError } from '@regulars/contracts';
import { encodeHead } from '../expression/head-file.js';
import { MANIFEST_FILE, ModelManifest, type ModelEntry, type ModelRole } from '../models/manifest.js';
import { encodeOnnx } from './onnx-file.js';
import { RECIPES, type Recipe } from './recipes.js';
import { buildTrees } from './trees-file.js';
import { readSource, sha256 } from './weight-sources.js';

/** Raised whenever a conversion gives other files than before. */
const CONVERSION = 3;

export type BuildStep = 'unchanged' | 'built';

export interface BuildOptions {
  /** Folder of the models and their manifest; made when absent. */
  readonly modelsDir: string;
  /** Names to build; without it the models in use. A name built before stays in the manifest. */
  readonly only?: readonly string[];
  readonly onProgress?: (name: string, step: BuildStep) => void;
}

/** Makes the ONNX models from the weights inside the pinned npm packages, and the manifest that describes
 *  them. Models that are there already, by checksum, are left alone.
 *  @returns the manifest as written
 *  @throws RegularsError MODEL_SOURCE_CHANGED when a package is absent or holds other weights than pinned;
 *  MODEL_MISSING when `only` names no known model */
export async function buildModels({ modelsDir, only, onProgress }: BuildOptions): Promise<ModelManifest> {
  const wanted = chosenRecipes(only);
  await mkdir(modelsDir, { recursive: true });
  const previous = await readPrevious(modelsDir);
  const entries = new Map(previous?.models.map((entry) => [entry.name, entry]));
  for (const recipe of wanted) {
    const known = previous?.conversion === CONVERSION ? entries.get(recipe.name) : undefined;
    const current = known !== undefined && (await isCurrent(modelsDir, recipe, known));
    entries.set(recipe.name, current ? described(recipe, known) : await build(modelsDir, recipe));
    onProgress?.(recipe.name, current ? 'unchanged' : 'built');
  }
  const known = previous?.trees;
  const trees = only === undefined ? await buildTrees(modelsDir, known, replaceFile) : known;
  if (only === undefined && trees !== undefined) {
    onProgress?.(trees.name, trees === known ? 'unchanged' : 'built');
  }
  const manifest = ModelManifest.parse({
    manifestVersion: 1,
    conversion: CONVERSION,
    roles: { ...rolesOf([...entries.values()]), ...chosenRoles(previous) },
    models: [...entries.values()],
    ...(trees === undefined ? {} : { trees }),
  });
  await writeIfChanged(join(modelsDir, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

function chosenRecipes(only: readonly string[] | undefined): readonly Recipe[] {
  if (only === undefined) return RECIPES.filter((recipe) => recipe.alternative === undefined);
  return only.map((name) => {
    const recipe = RECIPES.find((candidate) => candidate.name === name);
    if (recipe !== undefined) return recipe;
    throw new RegularsError('MODEL_MISSING', { model: name, known: RECIPES.map((known) => known.name) });
  });
}

/** A manifest that does not parse is of another version and is written anew. */
async function readPrevious(modelsDir: string): Promise<ModelManifest | null> {
  const text = await readFile(join(modelsDir, MANIFEST_FILE), 'utf8').catch(() => null);
  if (text === null) return null;
  const parsed = ModelManifest.safeParse(parseJson(text));
  return parsed.success ? parsed.data : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function isCurrent(modelsDir: string, recipe: Recipe, entry: ModelEntry): Promise<boolean> {
  const sameSource = recipe.source.files.every(
    (file, index) => entry.source.files[index]?.sha256 === file.sha256,
  );
  if (!sameSource) return false;
  const holds = async ({ file, sha256: stated }: { file: string; sha256: string }): Promise<boolean> => {
    const bytes = await readFile(join(modelsDir, file)).catch(() => null);
    return bytes !== null && sha256(bytes) === stated;
  };
  if ((recipe.head === undefined) !== (entry.head === undefined)) return false;
  return (await holds(entry)) && (entry.head === undefined || (await holds(entry.head)));
}

async function build(modelsDir: string, recipe: Recipe): Promise<ModelEntry> {
  const files = await readSource(recipe.source);
  const graph = recipe.convert(files);
  const bytes = await encodeOnnx(graph);
  const file = `${recipe.name}.onnx`;
  await replaceFile(join(modelsDir, file), bytes);
  const head = recipe.head && (await writeHead(modelsDir, recipe.name, encodeHead(recipe.head(files))));
  return described(recipe, {
    file,
    sha256: sha256(bytes),
    ...(head && { head }),
    inputShape: [...graph.input.shape],
    outputs: graph.outputs.map(({ name, shape }) => ({ name, shape: [...shape] })),
  });
}

async function writeHead(modelsDir: string, name: string, bytes: Uint8Array): Promise<ModelEntry['head']> {
  const file = `${name}.head`;
  await replaceFile(join(modelsDir, file), bytes);
  return { file, sha256: sha256(bytes) };
}

type Built = Pick<ModelEntry, 'file' | 'sha256' | 'outputs' | 'head'> & { inputShape: (number | null)[] };

function described(recipe: Recipe, built: Built | ModelEntry): ModelEntry {
  const { name, role, source, input, alignment, classes, calibration, measured } = recipe;
  return {
    name,
    role,
    file: built.file,
    sha256: built.sha256,
    source: { package: `${source.package}@${source.version}`, files: [...source.files] },
    licence: source.licence,
    input: {
      name: 'input',
      shape: 'inputShape' in built ? built.inputShape : built.input.shape,
      layout: 'NHWC',
      type: 'uint8',
      colourOrder: 'RGB',
      mean: [...input.mean],
      scale: input.scale,
      normalisedInGraph: true,
    },
    ...(alignment && { alignment }),
    outputs: built.outputs,
    ...(classes === undefined ? {} : { classes: [...classes] }),
    ...(calibration && { calibration }),
    ...(built.head && { head: built.head }),
    measured,
  };
}

/** What the first release used, which nobody chose. */
const FORMER_DEFAULTS: ModelManifest['roles'] = { expression: 'emotion' };

/** The roles of the manifest that is there: a choice of the operator's is kept. */
function chosenRoles(previous: ModelManifest | null): ModelManifest['roles'] {
  const roles = Object.entries(previous?.roles ?? {}) as [ModelRole, string][];
  const chosen = roles.filter(
    ([role, name]) => previous?.conversion === CONVERSION || FORMER_DEFAULTS[role] !== name,
  );
  return Object.fromEntries(chosen);
}

/** The first recipe of each role that was built. */
function rolesOf(entries: readonly ModelEntry[]): ModelManifest['roles'] {
  const built = new Set(entries.map((entry) => entry.name));
  const ordered = RECIPES.filter((recipe) => built.has(recipe.name)).reverse();
  return Object.fromEntries(ordered.map((recipe) => [recipe.role, recipe.name]));
}

async function writeIfChanged(path: string, text: string): Promise<void> {
  const current = await readFile(path, 'utf8').catch(() => null);
  if (current !== text) await replaceFile(path, text);
}

/** In one step, so that a set-up that is cut off leaves no half file under the name. */
async function replaceFile(path: string, content: Uint8Array | string): Promise<void> {
  const partial = `${path}.partial`;
  await writeFile(partial, content);
  await rename(partial, path);
}
