import { isRegularsError } from '@regulars/contracts';
import { describe, expect, it } from 'vitest';
import { randomOf } from '@regulars/contracts/random';
import {
  decodeHead,
  encodeHead,
  headFigures,
  initialHead,
  logitsOf,
  parameterCount,
  SEED_HEAD_OPTIONS,
  softmaxRows,
  trainHead,
  type Head,
  type HeadExamples,
  type HeadTrainingState,
} from './index.js';
import { parametersOf } from './head.js';
import { HeadSlopes } from './head-step.js';

const SHAPE = { inputs: 6, hidden: 16, outputs: 3 };

/** Points in six dimensions whose class is decided by no straight line: the sign of a product. */
function problem(count: number, seed: number): HeadExamples {
  const random = randomOf(seed);
  const features = Float32Array.from({ length: count * SHAPE.inputs }, () => 2 * random() - 1);
  const targets = new Float32Array(count * SHAPE.outputs);
  for (let n = 0; n < count; n += 1) {
    const [a = 0, b = 0, c = 0] = features.subarray(n * SHAPE.inputs);
    const wanted = c > 0.4 ? 2 : a * b > 0 ? 1 : 0;
    targets[n * SHAPE.outputs + wanted] = 1;
  }
  return { features, targets };
}

const OPTIONS = { epochs: 60, batch: 16, learningRate: 0.01, seed: 3, patience: null };

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (isRegularsError(error)) return error.code;
  }
  return 'none';
}

describe('a head', () => {
  it("has the seed paper's number of parameters", () => {
    expect(parameterCount({ inputs: 1_280, hidden: 128, outputs: 2 })).toBe(164_226);
  });

  it('comes back from its file as it was', () => {
    const head = initialHead(SHAPE, 5);
    expect(decodeHead(encodeHead(head))).toEqual(head);
  });

  it('is refused when its file is cut short, is none, or holds what is no number', () => {
    const bytes = encodeHead(initialHead(SHAPE, 5));
    expect(codeOf(() => decodeHead(bytes.subarray(0, bytes.length - 1)))).toBe('MODEL_CORRUPT');
    expect(codeOf(() => decodeHead(new Uint8Array()))).toBe('MODEL_CORRUPT');
    expect(codeOf(() => decodeHead(new TextEncoder().encode('{}\n')))).toBe('MODEL_CORRUPT');
    const broken = bytes.slice();
    broken.fill(0xff, broken.length - 4);
    expect(codeOf(() => decodeHead(broken))).toBe('MODEL_CORRUPT');
  });

  it('gives probabilities that sum to one, less sure at a higher temperature', () => {
    const cool = softmaxRows(Float32Array.of(1_000, 998, 0, 0, 0, 0), 3);
    const warm = softmaxRows(Float32Array.of(1_000, 998, 0, 0, 0, 0), 3, 4);
    expect(cool[0]).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
    expect(warm[0]).toBeCloseTo(1 / (1 + Math.exp(-0.5)), 6);
    expect([...cool.subarray(3)].reduce((sum, p) => sum + p)).toBeCloseTo(1, 6);
  });
});

describe('trainHead', () => {
  it('has slopes that agree with the loss to three digits', () => {
    const head = initialHead(SHAPE, 11);
    const examples = problem(5, 2);
    const lossOf = () => headFigures(head, examples).loss;
    const slopes = new HeadSlopes(head);
    const sums = { loss: 0, right: 0, weight: 0 };
    slopes.clear();
    for (let n = 0; n < 5; n += 1) slopes.add(examples, n, sums, true);
    parametersOf(head).forEach((values, part) => {
      for (const index of [0, values.length >> 1, values.length - 1]) {
        const held = values[index] ?? 0;
        values[index] = held + 1e-3;
        const above = lossOf();
        values[index] = held - 1e-3;
        const below = lossOf();
        values[index] = held;
        expect((parametersOf(slopes.slopes)[part]?.[index] ?? NaN) / 5).toBeCloseTo(
          (above - below) / 2e-3,
          3,
        );
      }
    });
  });

  it('learns what no straight line tells apart, on examples it never saw', async () => {
    const start = initialHead(SHAPE, 7);
    const { head, progress } = await trainHead({
      start,
      training: problem(1_000, 1),
      validation: null,
      options: OPTIONS,
    });
    expect(headFigures(start, problem(300, 9)).accuracy).toBeLessThan(0.7);
    expect(headFigures(head, problem(300, 9)).accuracy).toBeGreaterThan(0.93);
    expect(progress).toHaveLength(60);
    expect(progress.at(-1)?.training.loss).toBeLessThan((progress[0]?.training.loss ?? 0) / 2);
  });

  it('gives the same head for the same seed, interrupted or not, and another for another', async () => {
    const start = initialHead(SHAPE, 7);
    const parts = { start, training: problem(200, 1), validation: problem(60, 2) };
    const options = { ...OPTIONS, epochs: 6 };
    let kept: HeadTrainingState | undefined;
    const whole = await trainHead({
      ...parts,
      options,
      onEpoch: (_, state) => {
        if (state.epoch === 3) kept = structuredClone(state);
      },
    });
    const resumed = await trainHead({ ...parts, options, ...(kept ? { resume: kept } : {}) });
    const other = await trainHead({ ...parts, options: { ...options, seed: 4 } });
    expect(resumed.progress.map(({ epoch }) => epoch)).toEqual([4, 5, 6]);
    expect(resumed.head).toEqual(whole.head);
    expect(other.head).not.toEqual(whole.head);
  });

  it('with patience takes the head of the least loss on the examples held out, and stops', async () => {
    const validation = problem(200, 9);
    const { head, epoch, progress } = await trainHead({
      start: initialHead({ ...SHAPE, hidden: 64 }, 7),
      training: problem(60, 1),
      validation,
      options: { ...OPTIONS, epochs: 400, learningRate: 0.03, patience: 10 },
    });
    expect(progress.length).toBe(epoch + 10);
    const losses = progress.map(({ validation: figures }) => figures?.loss ?? 0);
    expect(headFigures(head, validation).loss).toBeCloseTo(Math.min(...losses), 6);
  });

  it('keeps the start when nothing is better on the examples held out', async () => {
    const validation = problem(300, 9);
    const options = { ...OPTIONS, epochs: 80 };
    const start = (
      await trainHead({
        start: initialHead(SHAPE, 7),
        training: problem(1_000, 1),
        validation: null,
        options,
      })
    ).head;
    const spoilt = problem(200, 1);
    const upsideDown = { ...spoilt, targets: spoilt.targets.map((share) => (share === 1 ? 0 : 0.5)) };
    const trained = await trainHead({
      start,
      training: upsideDown,
      validation,
      options: { ...options, patience: 3 },
    });
    expect(trained.epoch).toBe(0);
    expect(trained.head).toEqual(start);
  });

  it('stays nearer to its start the more it is drawn there', async () => {
    const start = initialHead(SHAPE, 7);
    const distances: number[] = [];
    for (const pullToStart of [0, 1, 10]) {
      const options = { ...OPTIONS, epochs: 20, pullToStart };
      const { head } = await trainHead({ start, training: problem(200, 1), validation: null, options });
      distances.push(distanceOf(head, start));
    }
    expect(distances[1]).toBeLessThan(distances[0] ?? 0);
    expect(distances[2]).toBeLessThan(distances[1] ?? 0);
  });

  it('lets an example count for as much as it is said to', async () => {
    const examples = problem(100, 1);
    const weights = Float32Array.from({ length: 100 }, (_, n) => (n < 50 ? 1 : 0));
    const half = {
      features: examples.features.subarray(0, 50 * 6),
      targets: examples.targets.subarray(0, 50 * 3),
    };
    const head = initialHead(SHAPE, 7);
    expect(headFigures(head, { ...examples, weights }).loss).toBeCloseTo(headFigures(head, half).loss, 6);
  });

  it('ends with the reason of the signal', async () => {
    const controller = new AbortController();
    const training = trainHead({
      start: initialHead(SHAPE, 7),
      training: problem(200, 1),
      validation: null,
      options: SEED_HEAD_OPTIONS,
      onEpoch: () => controller.abort(new Error('enough')),
      signal: controller.signal,
    });
    await expect(training).rejects.toThrow('enough');
  });

  it('refuses examples that do not fit', async () => {
    const start = initialHead(SHAPE, 7);
    const { features, targets } = problem(10, 1);
    const refused = (training: HeadExamples) =>
      expect(trainHead({ start, training, validation: null, options: OPTIONS })).rejects.toMatchObject({
        code: 'MODEL_MISMATCH',
      });
    await refused({ features: features.subarray(1), targets });
    await refused({ features, targets: targets.subarray(3) });
    await refused({ features: new Float32Array(), targets: new Float32Array() });
    expect(codeOf(() => logitsOf(start, features.subarray(1)))).toBe('MODEL_MISMATCH');
  });
});

function distanceOf(a: Head, b: Head): number {
  const others = parametersOf(b);
  const squares = parametersOf(a).flatMap((values, part) =>
    [...values].map((value, i) => (value - (others[part]?.[i] ?? 0)) ** 2),
  );
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
}
