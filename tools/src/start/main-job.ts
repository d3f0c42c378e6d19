import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '@regulars/contracts';
import type { StartArguments } from './arguments.js';
import { type CameraInput, demoCameras, givenCameras } from './cameras.js';
import type { ApiClient } from './client.js';
import {
  type EnrolledFace,
  enrolFiles,
  enrolFromCameras,
  Recognitions,
  type RecognisedVisit,
} from './recognition.js';

type Say = (line: string) => void;

const DEMO_IDS = new Set(demoCameras().map(({ cameraId }) => cameraId));
const isDemo = (name: string) => name.endsWith('(demo)');

/** Puts the wanted cameras into the installation: those given, else those it has, else the demo's.
 *  @returns the ids of the cameras that play, and whether they are the demo's */
async function prepareCameras(
  api: ApiClient,
  sources: readonly string[],
): Promise<{ cameraIds: string[]; demo: boolean }> {
  const existing = await api.cameras();
  const demos = existing.filter(({ cameraId, name }) => DEMO_IDS.has(cameraId) && isDemo(name));
  const own = existing.filter((camera) => !demos.includes(camera));
  if (sources.length > 0) {
    const given = givenCameras(sources);
    const replaced = existing.filter(
      (camera) => demos.includes(camera) || given.some(({ cameraId }) => cameraId === camera.cameraId),
    );
    for (const { cameraId } of replaced) await api.removeCamera(cameraId);
    await addAll(api, given);
    return { cameraIds: given.map(({ cameraId }) => cameraId), demo: false };
  }
  if (own.length > 0) return { cameraIds: own.map(({ cameraId }) => cameraId), demo: false };
  // Added anew each time: the clips may lie elsewhere since the last start.
  for (const { cameraId } of demos) await api.removeCamera(cameraId);
  await addAll(api, demoCameras());
  return { cameraIds: [...DEMO_IDS], demo: true };
}

async function addAll(api: ApiClient, cameras: readonly CameraInput[]): Promise<void> {
  for (const camera of cameras) await api.addCamera(camera);
}

interface Enrolment {
  /** Camera that the person was enrolled from, on which recognising them proves little. */
  readonly from?: string;
  /** Erased at the end: nobody asked for them to be kept. */
  readonly temporary?: string;
}

async function enrol(
  api: ApiClient,
  args: StartArguments,
  cameras: { cameraIds: string[]; demo: boolean },
  signal: AbortSignal,
  say: Say,
): Promise<Enrolment> {
  if (args.photographs.length > 0) {
    await enrolFiles(api, args.name, args.photographs);
    say(
      `${args.name} is enrolled from ${args.photographs.length === 1 ? 'a photograph' : `${args.photographs.length} photographs`}.`,
    );
    return {};
  }
  const enrolled = (await api.customers()).filter(({ templates }) => templates > 0);
  if (enrolled.length > 0) return {};
  if (!cameras.demo && !args.untilRecognised) return {};
  if (!cameras.demo)
    say('Nobody is enrolled: the first person seen clearly is, for this run, and erased at its end.');
  const from = cameras.demo ? cameras.cameraIds.slice(-1) : cameras.cameraIds;
  const face: EnrolledFace = await enrolFromCameras(api, args.name, from, signal);
  say(`${args.name} is enrolled from a picture of camera "${face.cameraId}".`);
  if (!cameras.demo) return { temporary: face.customerId };
  return { from: face.cameraId };
}

export interface MainJobOptions {
  readonly api: ApiClient;
  readonly args: StartArguments;
  readonly signal: AbortSignal;
  readonly say: Say;
}

/** The main job: cameras play, somebody is enrolled, and is recognised.
 *  @returns the first recognised visit
 *  @throws Error saying what did not happen when the signal is aborted first */
export async function runMainJob({ api, args, signal, say }: MainJobOptions): Promise<RecognisedVisit> {
  const cameras = await prepareCameras(api, args.cameras);
  say(
    `Cameras: ${cameras.cameraIds.join(', ')}${cameras.demo ? ' (two clips of one man at a webcam)' : ''}.`,
  );
  const recognitions = new Recognitions(api, signal);
  try {
    const enrolment = await enrol(api, args, cameras, signal, say);
    try {
      const visit = await recognitions.firstVisit(enrolment.from);
      say(`${visit.displayName} is recognised on camera "${visit.cameraId}", visit ${visit.visitId}.`);
      return visit;
    } finally {
      if (enrolment.temporary !== undefined) await api.eraseCustomer(enrolment.temporary);
    }
  } finally {
    recognitions.close();
  }
}

/** Waits until the gateway answers.
 *  @throws Error with the last reason after the time is up */
export async function waitForGateway(api: ApiClient, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      await api.cameras();
      return;
    } catch (error) {
      if (Date.now() > deadline)
        throw new Error(`the gateway does not answer: ${messageOf(error)}`, { cause: error });
      await sleep(200);
    }
  }
}
