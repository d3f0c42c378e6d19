import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { messageOf, RegularsError } from '@regulars/contracts';
import { env, InferenceSession } from 'onnxruntime-node';
import { LoadedModel } from './loaded-model.js';
import { entryNamed, readModelFile } from './manifest-file.js';
import type { ModelEntry, ModelManifest } from './manifest.js';
import { ofOtherSide } from './other-side.js';
import type { Provider, ProviderChoice } from './runners.js';

// What goes wrong is thrown as well; the library would print it besides, where CUDA is looked for and absent.
env.logLevel = 'fatal';

export interface LoadOptions {
  readonly modelsDir: string;
  /** `auto` by default. */
  readonly provider?: ProviderChoice;
  /** Of the square pictures that it shall take, where it is another one than its file states. */
  readonly sidePx?: number;
}

/** Opens a model on one thread: several sessions side by side do more than one session with several threads.
 *  @throws RegularsError MODEL_MISSING, MODEL_CORRUPT (empty, cut short or another file than the manifest names),
 *  MODEL_MISMATCH (other inputs or outputs than stated), PROVIDER_UNAVAILABLE (CUDA is required and absent) */
export async function loadModel(
  manifest: ModelManifest,
  name: string,
  { modelsDir, provider = 'auto', sidePx }: LoadOptions,
): Promise<LoadedModel> {
  const stated = entryNamed(manifest, name);
  const read = await readModelFile(join(modelsDir, stated.file), name);
  checkBytes(stated, read);
  const file = { entry: stated, bytes: read };
  const { entry, bytes } = sidePx === undefined ? file : await ofOtherSide(file, sidePx);
  const opened = await openSession(entry, bytes, provider);
  const difference = differenceOf(entry, opened.session);
  if (difference === null) return new LoadedModel(entry, opened.provider, opened.session);
  await opened.session.release();
  throw new RegularsError('MODEL_MISMATCH', { model: name, ...difference });
}

function checkBytes(entry: ModelEntry, bytes: Uint8Array): void {
  const fields = { model: entry.name, file: entry.file, bytes: bytes.length };
  if (bytes.length === 0) throw new RegularsError('MODEL_CORRUPT', { ...fields, problem: 'empty' });
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== entry.sha256) {
    throw new RegularsError('MODEL_CORRUPT', {
      ...fields,
      expectedSha256: entry.sha256,
      actualSha256: actual,
    });
  }
}

interface OpenedSession {
  readonly session: InferenceSession;
  readonly provider: Provider;
}

async function openSession(
  entry: ModelEntry,
  bytes: Uint8Array,
  choice: ProviderChoice,
): Promise<OpenedSession> {
  if (choice !== 'cpu') {
    const onCuda = await tryCuda(bytes);
    if ('session' in onCuda) return { session: onCuda.session, provider: 'cuda' };
    if (choice === 'cuda') {
      const fields = { model: entry.name, provider: choice, problem: messageOf(onCuda.error) };
      throw new RegularsError('PROVIDER_UNAVAILABLE', fields, { cause: onCuda.error });
    }
  }
  try {
    return { session: await createSession(bytes, ['cpu']), provider: 'cpu' };
  } catch (error) {
    const fields = { model: entry.name, file: entry.file, problem: messageOf(error) };
    throw new RegularsError('MODEL_CORRUPT', fields, { cause: error });
  }
}

/** onnxruntime throws when the CUDA libraries are not installed; what it says is kept for the operator. */
async function tryCuda(bytes: Uint8Array): Promise<{ session: InferenceSession } | { error: unknown }> {
  try {
    return { session: await createSession(bytes, ['cuda', 'cpu']) };
  } catch (error) {
    return { error };
  }
}

function createSession(bytes: Uint8Array, executionProviders: string[]): Promise<InferenceSession> {
  return InferenceSession.create(bytes, {
    executionProviders,
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
  });
}

function differenceOf(
  entry: ModelEntry,
  session: InferenceSession,
): { stated: string; actual: string } | null {
  const { name, type, shape } = entry.input;
  const stated = [`input ${name}: ${type}${shapeText(shape)}`, ...entry.outputs.map(outputText)];
  const inputs = session.inputMetadata.map((input) =>
    input.isTensor ? `input ${input.name}: ${input.type}${shapeText(input.shape)}` : `input ${input.name}`,
  );
  const outputs = session.outputMetadata.map((output) =>
    output.isTensor ? outputText(output) : `output ${output.name}`,
  );
  const actual = [...inputs, ...outputs];
  return stated.join() === actual.join() ? null : { stated: stated.join('; '), actual: actual.join('; ') };
}

const outputText = (output: { name: string; shape: readonly (number | string | null)[] }): string =>
  `output ${output.name}: ${shapeText(output.shape)}`;

/** A dimension with a name instead of a size is the batch. */
const shapeText = (shape: readonly (number | string | null)[]): string =>
  `[${shape.map((size) => (typeof size === 'number' ? size : '*')).join(',')}]`;
