import {
  CamerasChanged,
  DONE,
  type Outcome,
  RegularsError,
  SightingStarted,
  TransientError,
} from '@regulars/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Delivery, Message } from '../broker.js';
import { messageOfEvent } from '../envelope.js';
import { numbered } from './outbox-conformance.js';
import { type OpenRig, type Recorded, recorded, type Rig, until } from './rig.js';

const WORK = 'analytics.events';

/** An event that is broadcast only: no work queue waits for it. */
function broadcast(number: number): Message {
  const eventId = `evt_${String(number).padStart(20, '0')}`;
  return messageOfEvent(CamerasChanged, CamerasChanged.example, { eventId, producer: 'gateway' });
}

/** Events that count: work queues and broadcasts. */
export function workConformance(name: string, open: OpenRig): void {
  describe(`${name} with events that count`, () => {
    let rig: Rig;
    let facts: Recorded;
    let seen: Delivery[];

    /** Consumes the work queue, the n-th delivery having the n-th outcome, later ones the last. */
    async function consume(...outcomes: (Outcome | Error)[]): Promise<void> {
      await rig.broker.subscribe(WORK, async (delivery) => {
        const outcome = outcomes[Math.min(seen.length, outcomes.length - 1)] ?? DONE;
        seen.push(delivery);
        if (outcome instanceof Error) throw outcome;
        return outcome;
      });
    }

    beforeEach(async () => {
      seen = [];
      facts = recorded();
      rig = await open(facts.telemetry);
    });
    afterEach(() => rig.close());

    it('delivers an event as it was sent', async () => {
      await consume();
      await rig.broker.publish(numbered(7));
      await until(() => seen.length === 1);
      expect(seen[0]).toEqual({ ...numbered(7), queue: WORK, attempt: 1 });
    });

    it('keeps an event until somebody consumes the queue', async () => {
      const published = rig.broker.publish(numbered(1));
      await consume();
      await published;
      await until(() => seen.length === 1);
    });

    it('gives each event to one of the consumers that share the queue', async () => {
      const replicas = [rig.broker, await rig.join()];
      for (const replica of replicas) {
        await replica.subscribe(WORK, async (delivery) => {
          seen.push(delivery);
          return DONE;
        });
      }
      const sent = Array.from({ length: 40 }, (_, number) => numbered(number));
      await Promise.all(sent.map((message) => rig.broker.publish(message)));
      await until(() => seen.length >= 40);
      expect(new Set(seen.map(({ eventId }) => eventId))).toEqual(
        new Set(sent.map(({ eventId }) => eventId)),
      );
      expect(seen).toHaveLength(40);
    });

    it('gives no two handlers the same payload object', async () => {
      const payloads: { cameraId: string }[] = [];
      for (const queue of [WORK, 'gateway.events'] as const) {
        await rig.broker.subscribe(queue, async ({ payload }) => {
          const own = payload as { cameraId: string };
          payloads.push(own);
          own.cameraId = queue;
          return DONE;
        });
      }
      const message = numbered(1);
      await rig.broker.publish(message);
      await until(() => payloads.length === 2);
      expect(new Set(payloads.map(({ cameraId }) => cameraId))).toEqual(new Set([WORK, 'gateway.events']));
      expect(message).toEqual(numbered(1));
    });

    it('tries again after the delays of the queue, and counts the attempts', async () => {
      const retry: Outcome = { kind: 'retry', reason: 'store away' };
      const startedAt = performance.now();
      await consume(retry, retry, DONE);
      await rig.broker.publish(numbered(1));
      await until(() => seen.length === 3);
      expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
      expect(new Set(seen.map(({ eventId }) => eventId)).size).toBe(1);
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(90);
      expect(seen[2]).toEqual({ ...numbered(1), queue: WORK, attempt: 3 });
      expect(await rig.deadLetters(WORK)).toEqual([]);
    });

    it('lets other events pass one that waits for its next attempt', async () => {
      await rig.broker.subscribe(WORK, async (delivery) => {
        seen.push(delivery);
        const isFirst = delivery.eventId === numbered(1).eventId && delivery.attempt === 1;
        return isFirst ? { kind: 'retry', reason: 'not yet' } : DONE;
      });
      await Promise.all([rig.broker.publish(numbered(1)), rig.broker.publish(numbered(2))]);
      await until(() => seen.length === 3);
      expect(seen.map(({ eventId, attempt }) => `${eventId.slice(-1)}/${attempt}`)).toEqual([
        '1/1',
        '2/1',
        '1/2',
      ]);
    });

    it('tries again when a TransientError is thrown', async () => {
      await consume(new TransientError('STORE_UNAVAILABLE'), DONE);
      await rig.broker.publish(numbered(1));
      await until(() => seen.length === 2);
      expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2]);
    });

    it('puts an event aside with the reason when its handler throws anything else', async () => {
      await consume(new RegularsError('CUSTOMER_NOT_FOUND'));
      await rig.broker.publish(numbered(5));
      await until(async () => (await rig.deadLetters(WORK)).length === 1);
      const [dead] = await rig.deadLetters(WORK);
      expect(dead).toEqual({
        eventId: numbered(5).eventId,
        key: SightingStarted.key,
        attempts: 1,
        reason: 'CUSTOMER_NOT_FOUND: No customer has this id.',
      });
      expect(seen).toHaveLength(1);
      expect(facts.total('regulars_messages_handled_total', { queue: WORK, outcome: 'dead' })).toBe(1);
    });

    it('puts an event aside after its last attempt', async () => {
      await consume({ kind: 'retry', reason: 'store away' });
      await rig.broker.publish(numbered(1));
      await until(async () => (await rig.deadLetters(WORK)).length === 1);
      expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
      const [dead] = await rig.deadLetters(WORK);
      expect(dead).toMatchObject({ attempts: 3, reason: 'ATTEMPTS_EXHAUSTED after 3: store away' });
    });

    it('strips fields that the receiver does not know', async () => {
      await consume();
      const newer = { ...numbered(1).payload, fromTheFuture: { deep: true } };
      await rig.broker.publish({ ...numbered(1), payload: newer });
      await until(() => seen.length === 1);
      expect(seen[0]?.payload).toEqual(numbered(1).payload);
    });

    it('puts an event aside that is not as its schema says, and names the field', async () => {
      await consume();
      const { startedAt, ...rest } = numbered(1).payload;
      await rig.broker.publish({ ...numbered(1), payload: { ...rest, startedAt: `not ${startedAt}` } });
      await until(async () => (await rig.deadLetters(WORK)).length === 1);
      const [dead] = await rig.deadLetters(WORK);
      expect(dead?.reason).toMatch(/^MESSAGE_INVALID: sighting\.started startedAt/);
      expect(dead?.reason).not.toContain('not 2026');
      expect(seen).toEqual([]);
    });

    it('does not wait for itself when a handler sends to its own queue', async () => {
      const second = numbered(2);
      await rig.broker.subscribe(WORK, async (delivery) => {
        seen.push(delivery);
        if (delivery.eventId !== second.eventId) await rig.broker.publish(second);
        return DONE;
      });
      await rig.broker.publish(numbered(1));
      await until(() => seen.length === 2);
      expect(seen.map(({ eventId }) => eventId)).toEqual([numbered(1).eventId, second.eventId]);
    });

    it('gives every replica every event of a broadcast, in order', async () => {
      const heard: string[][] = [[], []];
      const replicas = [rig.broker, await rig.join()];
      for (const [index, replica] of replicas.entries()) {
        await replica.subscribe('gateway.events', async ({ eventId }) => {
          heard[index]?.push(eventId);
          return DONE;
        });
      }
      const sent = [1, 2, 3, 4, 5].map(broadcast);
      for (const message of sent) await rig.broker.publish(message);
      await until(() => heard.every((ids) => ids.length === 5));
      expect(heard).toEqual([sent.map(({ eventId }) => eventId), sent.map(({ eventId }) => eventId)]);
    });

    it('takes an event that is broadcast only while nobody listens', async () => {
      await rig.broker.publish(broadcast(1));
    });

    it('tries a broadcast again at the same replica', async () => {
      await rig.broker.subscribe('gateway.events', async (delivery) => {
        seen.push(delivery);
        return delivery.attempt === 1 ? { kind: 'retry', reason: 'busy' } : DONE;
      });
      await rig.broker.publish(broadcast(1));
      await until(() => seen.length === 2);
      expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2]);
    });

    it('lets the handlers in hand end before it closes', async () => {
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      let ended = false;
      const subscription = await rig.broker.subscribe(WORK, async (delivery) => {
        seen.push(delivery);
        await held;
        ended = true;
        return DONE;
      });
      const published = rig.broker.publish(numbered(1));
      await until(() => seen.length === 1);
      const closed = subscription.close(5_000).then(() => expect(ended).toBe(true));
      const late = rig.broker.publish(numbered(2)).catch(() => undefined);
      release();
      await closed;
      await published;
      expect(seen).toHaveLength(1);
      await consume();
      await late;
      await until(() => seen.length === 2);
      expect(seen.map(({ eventId }) => eventId)).toEqual([numbered(1).eventId, numbered(2).eventId]);
    });

    it('closes within its time although a handler hangs', async () => {
      const subscription = await rig.broker.subscribe('gateway.events', (delivery) => {
        seen.push(delivery);
        return new Promise<never>(() => undefined);
      });
      await rig.broker.publish(broadcast(1));
      await until(() => seen.length === 1);
      const startedAt = performance.now();
      await subscription.close(100);
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    });
  });
}
