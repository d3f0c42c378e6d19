import { DONE, FaceCaptured, FrameCaptured, laneOf, QUEUES } from '@regulars/contracts';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Broker, Message } from '../broker.js';
import { messageOfEvent } from '../envelope.js';
import { type OpenRig, type Recorded, recorded, type Rig, TEST_QUEUES, until } from './rig.js';

const { lanes: LANES } = QUEUES['recognition.frames'];
/** One camera on each of some different lanes. */
const CAMERAS = ((): readonly string[] => {
  const byLane = new Map<number, string>();
  for (let number = 0; byLane.size < 8; number++) {
    const lane = laneOf(`camera-${number}`, LANES);
    if (!byLane.has(lane)) byLane.set(lane, `camera-${number}`);
  }
  return [...byLane.values()];
})();

let sent = 0;
let rounds = 0;

export function frame(cameraId: string, sequence: number, body = new Uint8Array([1])): Message {
  const payload = { ...FrameCaptured.example, cameraId, sequence, frameId: `${cameraId}-${sequence}` };
  return messageOfEvent(FrameCaptured, payload, { eventId: `evt_${++sent}`, producer: 'capture', body });
}

function face(body: Uint8Array, capturedAt = new Date()): Message {
  const payload = { ...FaceCaptured.example, capturedAt: capturedAt.toISOString() };
  return messageOfEvent(FaceCaptured, payload, { eventId: `evt_${++sent}`, producer: 'recognition', body });
}

interface Seen {
  readonly worker: number;
  readonly cameraId: string;
  readonly sequence: number;
}

/** Messages of which only the newest matters: shared queues, lanes, broadcast pictures. */
export function newestConformance(name: string, open: OpenRig): void {
  describe(`${name} with messages of which only the newest matters`, () => {
    let rig: Rig;
    let facts: Recorded;

    beforeEach(async () => {
      facts = recorded();
      rig = await open(facts.telemetry);
    });
    afterEach(() => rig.close());

    /** Makes a replica a lane worker that notes what it sees. */
    function watch(replica: Broker, worker: number, seen: Seen[]) {
      return replica.subscribe('recognition.frames', async ({ payload }) => {
        const { cameraId, sequence } = payload as FrameCaptured;
        seen.push({ worker, cameraId, sequence });
        return DONE;
      });
    }

    /** Sends one frame of each camera until `fact` holds of what was seen of the last round. */
    async function sendUntil(seen: Seen[], fact: (round: readonly Seen[]) => boolean): Promise<void> {
      await until(async () => {
        const before = seen.length;
        const sequence = ++rounds;
        for (const camera of CAMERAS) rig.broker.publishNewest(frame(camera, sequence));
        await expect
          .poll(() => seen.length >= before + CAMERAS.length, { interval: 5, timeout: 300 })
          .toBe(true)
          .catch(() => undefined);
        return fact(seen.filter((one) => one.sequence === sequence));
      });
    }

    it('carries bytes as they are, beside the payload', async () => {
      const body = Uint8Array.from({ length: 50_000 }, (_, index) => (index * 7) % 256);
      const bodies: Uint8Array[] = [];
      const payloads: unknown[] = [];
      for (const queue of ['recognition.frames', 'gateway.pictures'] as const) {
        await rig.broker.subscribe(queue, async (delivery) => {
          if (delivery.body !== undefined) bodies.push(delivery.body);
          payloads.push(delivery.payload);
          return DONE;
        });
      }
      const message = frame('entrance', 3, body);
      await until(() => {
        if (bodies.length === 0) rig.broker.publishNewest(message);
        return bodies.length >= 2;
      });
      for (const arrived of bodies) expect(Buffer.compare(arrived, body)).toBe(0);
      for (const payload of payloads) expect(payload).toEqual(message.payload);
    });

    it('drops the oldest before a slow consumer, so that what it gets stays young', async () => {
      const takesMs = 20;
      const ages: number[] = [];
      let newest = '';
      let last = '';
      await rig.broker.subscribe('expression.faces', async ({ payload, eventId }) => {
        ages.push(Date.now() - Date.parse((payload as FaceCaptured).capturedAt));
        await delay(takesMs);
        last = eventId;
        return DONE;
      });
      for (let number = 0; number < 150; number++) {
        const message = face(new Uint8Array(1_000));
        newest = message.eventId;
        expect(rig.broker.publishNewest(message)).toBe(true);
        await delay(2);
      }
      await until(() => last === newest);
      expect(ages.length).toBeLessThan(100);
      expect(ages.length).toBeGreaterThan(5);
      const { maxLength } = TEST_QUEUES['expression.faces'];
      const sorted = ages.toSorted((a, b) => a - b);
      const p90 = sorted[Math.floor(sorted.length * 0.9)] ?? 0;
      expect(p90).toBeLessThan((maxLength + 2) * takesMs * 2);
    });

    it('does not deliver what waited longer than its time to live', async () => {
      const bodies: number[] = [];
      rig.broker.publishNewest(face(new Uint8Array([1])));
      await delay(TEST_QUEUES['expression.faces'].ttlMs + 100);
      rig.broker.publishNewest(face(new Uint8Array([2])));
      await rig.broker.subscribe('expression.faces', async ({ body }) => {
        bodies.push(body?.[0] ?? 0);
        return DONE;
      });
      await until(() => bodies.length > 0);
      expect(bodies).toEqual([2]);
    });

    it('neither tries again nor puts aside what a handler does not want', async () => {
      const attempts: number[] = [];
      await rig.broker.subscribe('expression.faces', async ({ attempt }) => {
        attempts.push(attempt);
        throw new Error('cannot');
      });
      rig.broker.publishNewest(face(new Uint8Array([1])));
      await until(() => attempts.length === 1);
      rig.broker.publishNewest(face(new Uint8Array([2])));
      await until(() => attempts.length === 2);
      expect(attempts).toEqual([1, 1]);
    });

    it('gives a lone worker the frames of every lane within a second, one at a time and in order', async () => {
      const seen: Seen[] = [];
      const inHand = new Map<string, number>();
      let most = 0;
      const startedAt = performance.now();
      await rig.broker.subscribe('recognition.frames', async ({ payload }) => {
        const { cameraId, sequence } = payload as FrameCaptured;
        inHand.set(cameraId, (inHand.get(cameraId) ?? 0) + 1);
        most = Math.max(most, inHand.get(cameraId) ?? 0);
        seen.push({ worker: 0, cameraId, sequence });
        await delay(2);
        inHand.set(cameraId, (inHand.get(cameraId) ?? 0) - 1);
        return DONE;
      });
      await sendUntil(seen, (round) => round.length === CAMERAS.length);
      expect(performance.now() - startedAt).toBeLessThan(1_000);
      for (let round = 0; round < 20; round++) {
        rounds++;
        for (const camera of CAMERAS) rig.broker.publishNewest(frame(camera, rounds));
        await delay(10);
      }
      await until(() => seen.filter(({ sequence }) => sequence === rounds).length === CAMERAS.length);
      expect(most).toBe(1);
      for (const camera of CAMERAS) {
        const sequences = seen.filter(({ cameraId }) => cameraId === camera).map(({ sequence }) => sequence);
        expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
        expect(sequences.length).toBeGreaterThan(10);
      }
    });

    it('shares the lanes out over the workers, and gives them back when one leaves', async () => {
      const seen: Seen[] = [];
      await watch(rig.broker, 0, seen);
      const other = await watch(await rig.join(), 1, seen);
      const shared = (round: readonly Seen[]) =>
        round.length === CAMERAS.length && new Set(round.map(({ worker }) => worker)).size === 2;
      await sendUntil(seen, shared);
      await sendUntil(seen, shared);
      const byCamera = CAMERAS.map(
        (camera) =>
          new Set(
            seen
              .slice(-CAMERAS.length)
              .filter((one) => one.cameraId === camera)
              .map((one) => one.worker),
          ).size,
      );
      expect(byCamera).toEqual(CAMERAS.map(() => 1));
      await other.close(1_000);
      await sendUntil(
        seen,
        (round) => round.length === CAMERAS.length && round.every(({ worker }) => worker === 0),
      );
    });
  });
}
