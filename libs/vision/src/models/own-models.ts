import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '@regulars/contracts';
import { z } from 'zod';
import { ModelEntry } from './manifest.js';

/** Beside the manifest: entries of models of the operator's own, which no build touches. */
export const OWN_MODELS_FILE = 'own.json';

const Name = z.looseObject({ name: z.string() });

/** An entry that cannot be used, and why. Serving goes on without it. */
export interface OwnProblem {
  /** Null where not even that can be read. */
  readonly name: string | null;
  readonly problem: string;
}

/** Recognisers of the operator's own. What is wrong with one entry hinders neither the others nor the models that come
 *  with Regulars: it is told when that entry is asked for.
 *  @param taken names that are not the operator's to give */
export async function readOwnModels(
  modelsDir: string,
  taken: readonly string[],
): Promise<{ readonly models: readonly ModelEntry[]; readonly problems: readonly OwnProblem[] }> {
  const text = await readFile(join(modelsDir, OWN_MODELS_FILE), 'utf8').catch(() => null);
  if (text === null) return { models: [], problems: [] };
  const list = entriesOf(text);
  if (typeof list === 'string') return { models: [], problems: [{ name: null, problem: list }] };
  const models: ModelEntry[] = [];
  const problems: OwnProblem[] = [];
  for (const entry of list) {
    const name = Name.safeParse(entry).data?.name ?? null;
    const parsed = ModelEntry.safeParse(entry);
    const problem = problemOf(parsed, [...taken, ...models.map((known) => known.name)]);
    if (problem !== null) problems.push({ name, problem });
    else if (parsed.success) models.push(parsed.data);
  }
  return { models, problems };
}

function entriesOf(text: string): readonly unknown[] | string {
  try {
    const parsed = z.strictObject({ models: z.array(z.unknown()) }).safeParse(JSON.parse(text));
    return parsed.success ? parsed.data.models : z.prettifyError(parsed.error);
  } catch (error) {
    return messageOf(error);
  }
}

function problemOf(parsed: z.ZodSafeParseResult<ModelEntry>, taken: readonly string[]): string | null {
  if (!parsed.success) return z.prettifyError(parsed.error);
  if (parsed.data.role !== 'recognition') return 'role: only recognisers may be of your own';
  if (taken.includes(parsed.data.name)) return `name: ${parsed.data.name} is taken`;
  return null;
}
