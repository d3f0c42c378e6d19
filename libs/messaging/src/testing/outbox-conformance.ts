import { SightingStarted } from '@regulars/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message, Outbox } from '../broker.js';
import { messageOfEvent } from '../envelope.js';

/** An event of a sighting that started `number` seconds after nine, with an id that follows from it. */
export function numbered(number: number): Message<SightingStarted> {
  const startedAt = new Date(Date.UTC(2026, 2, 1, 9, 0, number)).toISOString();
  const sightingId = `sgt_${String(number).padStart(20, '0')}`;
  return messageOfEvent(
    SightingStarted,
    { ...SightingStarted.example, sightingId, startedAt },
    { eventId: `evt_${String(number).padStart(20, '0')}`, producer: 'recognition' },
  );
}

const idsOf = (messages: readonly Message[]) => messages.map(({ eventId }) => eventId);

/** What every outbox must do. `open` gives an empty one and how to be rid of it. */
export function outboxConformance(
  name: string,
  open: () => Promise<{ outbox: Outbox; close: () => Promise<void> }>,
): void {
  describe(`${name} as an outbox`, () => {
    let outbox: Outbox;
    let close: () => Promise<void>;

    beforeEach(async () => ({ outbox, close } = await open()));
    afterEach(() => close());

    it('is empty at first', async () => {
      expect(await outbox.size()).toBe(0);
      expect(await outbox.oldest(10)).toEqual([]);
    });

    it('gives back whole messages in the order they were kept, whatever their ids and times', async () => {
      const kept = [numbered(3), numbered(1), numbered(2)];
      for (const message of kept) await outbox.keep(message);
      expect(await outbox.oldest(10)).toEqual(kept);
      expect(await outbox.size()).toBe(3);
    });

    it('keeps an event once, in its first place', async () => {
      for (const number of [1, 2, 1]) await outbox.keep(numbered(number));
      expect(await outbox.oldest(10)).toEqual([numbered(1), numbered(2)]);
      expect(await outbox.size()).toBe(2);
    });

    it('gives at most as many as asked for', async () => {
      for (const number of [1, 2, 3]) await outbox.keep(numbered(number));
      expect(idsOf(await outbox.oldest(2))).toEqual(idsOf([numbered(1), numbered(2)]));
      expect(await outbox.size()).toBe(3);
    });

    it('forgets one event and no other', async () => {
      for (const number of [1, 2, 3]) await outbox.keep(numbered(number));
      await outbox.forget(numbered(2).eventId);
      expect(await outbox.oldest(10)).toEqual([numbered(1), numbered(3)]);
      expect(await outbox.size()).toBe(2);
    });

    it('is content when told to forget what it does not keep', async () => {
      await outbox.keep(numbered(1));
      await outbox.forget(numbered(7).eventId);
      expect(await outbox.size()).toBe(1);
    });

    it('takes an event again after forgetting it', async () => {
      await outbox.keep(numbered(1));
      await outbox.forget(numbered(1).eventId);
      await outbox.keep(numbered(1));
      expect(await outbox.oldest(10)).toEqual([numbered(1)]);
    });

    it('keeps all of what is kept at the same time', async () => {
      const numbers = Array.from({ length: 50 }, (_, index) => index);
      await Promise.all(numbers.map((number) => outbox.keep(numbered(number))));
      expect(new Set(idsOf(await outbox.oldest(100)))).toEqual(
        new Set(numbers.map((number) => numbered(number).eventId)),
      );
      expect(await outbox.size()).toBe(50);
    });

    it('is not changed by what callers do with the messages they get', async () => {
      await outbox.keep(numbered(1));
      const [message] = await outbox.oldest(1);
      (message?.payload as { cameraId: string }).cameraId = 'changed';
      expect(await outbox.oldest(1)).toEqual([numbered(1)]);
    });
  });
}
