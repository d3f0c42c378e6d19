import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from './commands.js';
import { EVENTS } from './events/index.js';
import { SERVICES } from './events/event.js';
import { laneOf, QUEUES, queuesOf, type QueueDefinition } from './topology.js';

const queues = Object.entries<QueueDefinition>(QUEUES);

describe('an event', () => {
  it.each(EVENTS.map((event) => [event.key, event] as const))(
    '%s is in a queue of each service that consumes it, and of no other',
    (key, { consumedBy }) => {
      const services = queues
        .filter(([, queue]) => queue.keys.includes(key))
        .map(([, queue]) => queue.service);
      expect([...new Set(services)].sort()).toEqual([...consumedBy].sort());
    },
  );

  it.each(EVENTS.map((event) => [event.key, event] as const))(
    '%s is published by somebody, and its example is one that may be published',
    (_, { publishedBy, schema, example, happenedAt }) => {
      expect(publishedBy.length).toBeGreaterThan(0);
      expect(schema.parse(example)).toEqual(example);
      expect(Date.parse(String(example[happenedAt]))).toBeGreaterThan(0);
    },
  );

  it('has a key of its own', () => {
    const keys = [...EVENTS, ...COMMANDS].map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it.each(EVENTS.filter(({ worth }) => worth === 'newest').map(({ key }) => key))(
    '%s, of which only the newest matters, is in no work queue',
    (key) => {
      const kinds = queues.filter(([, queue]) => queue.keys.includes(key)).map(([, queue]) => queue.kind);
      expect(kinds).not.toContain('work');
    },
  );
});

describe('a queue', () => {
  it.each(queues)('%s holds keys that exist, each once, and its name says whose it is', (name, queue) => {
    const known = [...EVENTS, ...COMMANDS].map(({ key }) => key);
    expect(known).toEqual(expect.arrayContaining([...queue.keys]));
    expect(new Set(queue.keys).size).toBe(queue.keys.length);
    expect(name.startsWith(`${queue.service}.`)).toBe(true);
  });

  it('belongs to one service', () => {
    const names = SERVICES.flatMap((service) => queuesOf(service).map(([name]) => name));
    expect(names.sort()).toEqual(Object.keys(QUEUES).sort());
  });
});

describe('the lane of a camera', () => {
  it('is one of the lanes, and always the same one', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 64 }), (cameraId, lanes) => {
        const lane = laneOf(cameraId, lanes);
        expect(Number.isInteger(lane) && lane >= 0 && lane < lanes).toBe(true);
        expect(laneOf(cameraId, lanes)).toBe(lane);
      }),
    );
  });

  it('is that of FNV-1a, on which every publisher agrees', () => {
    // FNV-1a of "" and "a", from its published test vectors.
    expect([laneOf('', 2 ** 32), laneOf('a', 2 ** 32)]).toEqual([0x811c9dc5, 0xe40c292c]);
  });

  it('spreads cameras over all lanes', () => {
    const lanes = new Set(Array.from({ length: 400 }, (_, i) => laneOf(`camera-${i}`, 16)));
    expect(lanes.size).toBe(16);
  });
});
