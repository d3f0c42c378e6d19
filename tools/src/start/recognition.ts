import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '@regulars/contracts';
import type { ApiClient } from './client.js';
import { pickFaces } from './picked-face.js';

/** Version of the consent text under which the demo's person is enrolled. */
const DEMO_CONSENT = 'demo';

async function newCustomer(api: ApiClient, displayName: string): Promise<string> {
  const consent = { textVersion: DEMO_CONSENT, givenAt: new Date().toISOString() };
  return (await api.addCustomer({ displayName, consent })).customerId;
}

/** Enrols a person from photographs on disk. */
export async function enrolFiles(api: ApiClient, name: string, paths: readonly string[]): Promise<string> {
  const customerId = await newCustomer(api, name);
  await api.enrol(customerId, await Promise.all(paths.map((path) => readFile(path))));
  return customerId;
}

export interface EnrolledFace {
  readonly customerId: string;
  readonly cameraId: string;
}

/** Enrols the first person who is clearly and alone before one of the cameras.
 *  @throws Error when the signal is aborted first */
export async function enrolFromCameras(
  api: ApiClient,
  name: string,
  cameraIds: readonly string[],
  signal: AbortSignal,
): Promise<EnrolledFace> {
  const customerId = await newCustomer(api, name);
  let refusal = 'nobody was seen';
  for await (const { cameraId, photograph } of pickFaces(api, cameraIds, signal)) {
    try {
      await api.enrol(customerId, [photograph]);
      return { customerId, cameraId };
    } catch (error) {
      refusal = messageOf(error);
    }
  }
  throw new Error(`nobody could be enrolled: ${refusal}`);
}

export interface RecognisedVisit {
  readonly customerId: string;
  readonly displayName: string;
  readonly visitId: string;
  readonly cameraId: string;
}

/** Resolves with the open visit of the first customer who is recognised, on a camera other than `except` if
 *  given. The visit may be older than this process: who is seen again soon continues it.
 *  @throws Error when the signal is aborted first */
export async function firstRecognisedVisit(
  api: ApiClient,
  signal: AbortSignal,
  except?: string,
): Promise<RecognisedVisit> {
  const { customerId, displayName, cameraId } = await firstIdentified(api, signal, except);
  while (!signal.aborted) {
    const visit = await api.openVisitOf(customerId);
    if (visit !== null) return { customerId, displayName, cameraId, visitId: visit.visitId };
    await sleep(POLL_MS);
  }
  throw new Error('the recognised customer got no visit in time');
}

const POLL_MS = 100;

function firstIdentified(
  api: ApiClient,
  signal: AbortSignal,
  except?: string,
): Promise<Omit<RecognisedVisit, 'visitId'>> {
  return new Promise((resolve, reject) => {
    const socket = api.live({
      onEvent: ({ payload }) => {
        if (payload.kind !== 'sighting-identified' || payload.who.kind !== 'customer') return;
        if (payload.cameraId === except) return;
        socket.disconnect();
        resolve({
          customerId: payload.who.customerId,
          displayName: payload.who.displayName,
          cameraId: payload.cameraId,
        });
      },
    });
    signal.addEventListener('abort', () => {
      socket.disconnect();
      reject(new Error('nobody was recognised in time'));
    });
  });
}
