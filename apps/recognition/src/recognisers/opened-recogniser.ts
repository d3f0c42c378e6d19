import {
  type ErrorFields,
  isRegularsError,
  messageOf,
  RegularsError,
  type Telemetry,
} from '@regulars/contracts';
import type { Environment } from '@regulars/runtime';
import {
  entryFor,
  openVision,
  readManifest,
  readScoring,
  type FaceScoring,
  type OpenedVision,
} from '@regulars/vision';

/** A recogniser that is ready, with what was measured of it. */
export interface OpenedRecogniser {
  readonly model: string;
  readonly vision: OpenedVision;
  readonly scoring: FaceScoring;
}

export interface RecogniserOptions {
  readonly environment: Pick<Environment, 'modelsDir' | 'visionProvider' | 'visionThreads'>;
  readonly telemetry: Telemetry;
}

/** Opens a recogniser with the models around it.
 *  @param model the one that the manifest names when null
 *  @param threads as many as the environment says when absent
 *  @throws RegularsError as openVision and readScoring do: a recogniser whose distances nobody measured is refused
 *  here, not at the first face */
export async function openRecogniser(
  { environment, telemetry }: RecogniserOptions,
  model: string | null,
  threads = environment.visionThreads,
): Promise<OpenedRecogniser> {
  const { modelsDir, visionProvider: provider } = environment;
  const vision = await openVision({
    modelsDir,
    provider,
    telemetry,
    ...(threads === undefined ? {} : { threads }),
    ...(model === null ? {} : { recogniser: model }),
  });
  try {
    const scoring = await readScoring(modelsDir, vision.recogniser, vision.dimensions);
    return { model: vision.recogniser, vision, scoring };
  } catch (error) {
    await vision.close();
    throw error;
  }
}

/** The recogniser that the manifest names. */
export async function manifestRecogniser(modelsDir: string): Promise<string> {
  return entryFor(await readManifest(modelsDir), 'recognition').name;
}

/** What is wrong with a recogniser, for its operator to mend. */
export function refusedCandidate(model: string, error: unknown): RegularsError {
  const fields: ErrorFields = isRegularsError(error)
    ? { ...error.fields, model, reason: error.code }
    : { model, reason: 'INTERNAL', problem: messageOf(error) };
  return new RegularsError('CANDIDATE_REFUSED', fields, { cause: error });
}

/** The same in one line. */
export function problemOf(error: unknown): string {
  if (!isRegularsError(error)) return messageOf(error);
  const facts = Object.entries(error.fields).map(([name, value]) => `${name}: ${String(value)}`);
  return `${error.code} (${facts.join(', ')})`;
}
