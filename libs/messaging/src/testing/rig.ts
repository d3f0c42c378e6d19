import { QUEUES, type QueueDefinition, type QueueName, type Telemetry } from '@regulars/contracts';
import { expect } from 'vitest';
import type { Broker } from '../broker.js';

/** The topology with delays that a test can wait for. */
export const TEST_QUEUES = {
  ...QUEUES,
  'analytics.events': { ...QUEUES['analytics.events'], retryDelaysMs: [30, 60] },
  'expression.faces': { ...QUEUES['expression.faces'], maxLength: 4, ttlMs: 500, prefetch: 1 },
} as const satisfies Record<QueueName, QueueDefinition>;

export interface DeadLetterView {
  readonly eventId: string;
  readonly key: string;
  readonly reason: string;
  readonly attempts: number;
}

/** A broker under test. */
export interface Rig {
  readonly broker: Broker;
  /** Another replica on the same queues; may be the same broker. */
  join(): Promise<Broker>;
  deadLetters(queue: QueueName): Promise<readonly DeadLetterView[]>;
  close(): Promise<void>;
}

export type OpenRig = (telemetry: Telemetry) => Promise<Rig>;

/** Waits until something is so, at most ten seconds, asking every few milliseconds. */
export async function until(fact: () => boolean | Promise<boolean>): Promise<void> {
  await expect.poll(fact, { interval: 5, timeout: 10_000 }).toBe(true);
}

export interface Recorded {
  readonly telemetry: Telemetry;
  /** Sum of a counter over all series with these labels. */
  total(name: string, labels?: Readonly<Record<string, string>>): number;
  /** Last value of a gauge, by its labels as JSON. */
  readonly gauges: ReadonlyMap<string, number>;
  readonly lines: readonly { level: string; fields: unknown; message: string }[];
}

/** Telemetry that remembers. */
export function recorded(): Recorded {
  const counts: { name: string; labels: Readonly<Record<string, string>>; by: number }[] = [];
  const gauges = new Map<string, number>();
  const lines: { level: string; fields: unknown; message: string }[] = [];
  const log = (level: string) => (fields: unknown, message: string) =>
    void lines.push({ level, fields, message });
  return {
    telemetry: {
      log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
      meter: {
        count: (name, labels = {}, by = 1) => void counts.push({ name, labels, by }),
        set: (name, value, labels = {}) => void gauges.set(`${name} ${JSON.stringify(labels)}`, value),
        observe: () => undefined,
      },
    },
    gauges,
    lines,
    total: (name, wanted = {}) =>
      counts
        .filter((one) => one.name === name)
        .filter(({ labels }) => Object.entries(wanted).every(([label, value]) => labels[label] === value))
        .reduce((sum, { by }) => sum + by, 0),
  };
}
