import {
  DONE,
  ExpressionScored,
  FaceCaptured,
  RegularsError,
  SILENT,
  type MetricLabels,
  type MetricName,
  type Telemetry,
} from '@regulars/contracts';
import { MemoryBroker, MemoryOutbox, OutboxPublisher, type Message } from '@regulars/messaging';
import type { ExpressionScores } from '@regulars/vision';
import { describe, expect, it } from 'vitest';
import { Expressions } from './expressions.js';
import { UNCALIBRATED_RULE } from './reading.js';
import type { ScoringVision } from './scoring.js';

/** A net for pictures of one byte: the probability of happy in percent. Any other picture cannot be decoded. */
function oneByteNet(batches: number[]): ScoringVision {
  return {
    async scoreExpressions(crops): Promise<ExpressionScores[]> {
      batches.push(crops.length);
      return crops.map((crop) => {
        if (crop.length !== 1) throw new RegularsError('PICTURE_UNREADABLE');
        const happy = (crop[0] ?? 0) / 100;
        return { classes: ['happy', 'sad'], probabilities: Float32Array.of(happy, 1 - happy) };
      });
    },
  };
}

function counting(): { telemetry: Telemetry; counted: MetricLabels[] } {
  const counted: MetricLabels[] = [];
  const count = (name: MetricName, labels: MetricLabels = {}) => {
    if (name === 'regulars_expressions_total') counted.push(labels);
  };
  return { telemetry: { ...SILENT, meter: { ...SILENT.meter, count } }, counted };
}

async function withExpressions(
  work: (parts: {
    expressions: Expressions;
    heard: Message[];
    batches: number[];
    counted: MetricLabels[];
  }) => Promise<void>,
): Promise<void> {
  const broker = new MemoryBroker(SILENT, { services: ['expression', 'gateway'] });
  const heard: Message[] = [];
  await broker.subscribe('gateway.events', async (message) => {
    heard.push(message);
    return DONE;
  });
  const { telemetry, counted } = counting();
  const publisher = new OutboxPublisher(broker, new MemoryOutbox(), 'expression', SILENT);
  const batches: number[] = [];
  const vision = {
    ...oneByteNet(batches),
    explainExpression: () => Promise.reject(new RegularsError('FACE_NOT_FOUND')),
  };
  const model = { name: 'one-byte', vision, rule: UNCALIBRATED_RULE, temperature: 1, shipped: null };
  const shelves = {
    crops: { consider: async () => false },
    head: { apply: (scores: ExpressionScores) => scores },
  };
  await work({ expressions: new Expressions(model, publisher, shelves, telemetry), heard, batches, counted });
  await publisher.close(1_000);
  await broker.close(1_000);
}

const face = (change: Partial<FaceCaptured> = {}): FaceCaptured => ({ ...FaceCaptured.example, ...change });
const second = (n: number) => `2026-03-01T09:00:${String(n).padStart(2, '0')}.400Z`;
const happy = (percent: number) => Uint8Array.of(percent);

describe('Expressions', () => {
  it('publishes what a crop says, under the sighting and the time it was taken', () =>
    withExpressions(async ({ expressions, heard, counted }) => {
      await expressions.take(face(), happy(90));
      await expect.poll(() => heard.length).toBe(1);
      const { sightingId, cameraId, storeId, capturedAt } = FaceCaptured.example;
      expect(heard[0]).toMatchObject({ key: ExpressionScored.key, producer: 'expression' });
      expect(heard[0]?.payload).toEqual({
        sightingId,
        cameraId,
        storeId,
        capturedAt,
        model: 'one-byte',
        outcome: { kind: 'scored', satisfaction: 0.9, class: 'satisfied', confidence: 0.9 },
      });
      expect(counted).toEqual([{ result: 'satisfied' }]);
    }));

  it('names the event alike when two replicas score the same crop', async () => {
    const ids: string[] = [];
    for (let replica = 0; replica < 2; replica++) {
      await withExpressions(async ({ expressions, heard }) => {
        await expressions.take(face(), happy(90));
        await expect.poll(() => heard.length).toBe(1);
        ids.push(heard[0]?.eventId ?? '');
      });
    }
    expect(ids[0]).toMatch(/^evt_/);
    expect(ids[1]).toBe(ids[0]);
  });

  it('drops and counts a truncated picture, and scores the seven that came with it', () =>
    withExpressions(async ({ expressions, heard, batches, counted }) => {
      const crops = Array.from({ length: 8 }, (_, i) => (i === 3 ? Uint8Array.of(1, 2) : happy(90)));
      await Promise.all(crops.map((crop, i) => expressions.take(face({ capturedAt: second(i) }), crop)));
      await expect.poll(() => heard.length).toBe(7);
      expect(batches).toEqual([8, 1, 1, 1, 1, 1, 1, 1, 1]);
      expect(counted.filter(({ result }) => result === 'unreadable')).toHaveLength(1);
      expect(counted.filter(({ result }) => result === 'satisfied')).toHaveLength(7);
    }));

  it('says why it abstains from a poor view, without troubling the net', () =>
    withExpressions(async ({ expressions, heard, batches, counted }) => {
      await expressions.take(face({ quality: { ...face().quality, faceWidthPx: 20 } }), happy(90));
      await expect.poll(() => heard.length).toBe(1);
      expect(heard[0]?.payload).toMatchObject({ outcome: { kind: 'abstained', reason: 'too-small' } });
      expect(batches).toEqual([]);
      expect(counted).toEqual([{ result: 'too-small' }]);
    }));

  it('scores at most one crop a second of a sighting', () =>
    withExpressions(async ({ expressions, heard }) => {
      for (const capturedAt of [second(1), second(1), '2026-03-01T09:00:01.900Z', second(2)]) {
        await expressions.take(face({ capturedAt }), happy(10));
      }
      await expect.poll(() => heard.length).toBe(2);
      expect(heard.map(({ happenedAt }) => happenedAt)).toEqual([second(1), second(2)]);
    }));
});
