import { idFrom } from '@regulars/contracts/ids';
import { describe, expect, it } from 'vitest';
import { divide, examplesOf, targetOf, type Example } from './lesson.js';

const CLASSES = ['neutral', 'happiness', 'surprise', 'sadness', 'anger', 'disgust', 'fear', 'contempt'];
const example = (customer: string, truth: Example['truth'] = 'neutral'): Example => ({
  customerId: idFrom('cus', customer),
  features: Float32Array.of(1, 2),
  probabilities: Float32Array.of(0.2, 0.1, 0, 0.5, 0.1, 0.1, 0, 0),
  truth,
});

describe('a lesson', () => {
  it('has all of a customer on one side, always the same, with about three of ten held out', () => {
    const examples = Array.from({ length: 900 }, (_, i) => example(`${i % 300}`));
    const { training, validation, heldOut } = divide(examples);
    expect(training.length + validation.length + heldOut.length).toBe(900);
    const people = [training, validation, heldOut].map(
      (part) => new Set(part.map(({ customerId }) => customerId)),
    );
    expect(people.reduce((sum, part) => sum + part.size, 0)).toBe(300);
    expect(heldOut.length / 900).toBeGreaterThan(0.2);
    expect(heldOut.length / 900).toBeLessThan(0.4);
    expect(
      divide(examples.toReversed())
        .heldOut.map(({ customerId }) => customerId)
        .sort(),
    ).toEqual(heldOut.map(({ customerId }) => customerId).sort());
  });

  it('leaves open which class of the right kind it is: what the head thinks of those stands', () => {
    const target = targetOf(CLASSES, example('a', 'dissatisfied'));
    expect([...target].reduce((sum, share) => sum + share)).toBeCloseTo(1, 6);
    expect([target[0], target[1], target[2], target[6]]).toEqual([0, 0, 0, 0]);
    expect(target[3]).toBeGreaterThan(target[4] ?? 1);
    expect(target[7]).toBeGreaterThan(0);
    expect(targetOf(CLASSES, example('a', 'satisfied'))[1]).toBe(1);
  });

  it('lets each kind count for as much as the others', () => {
    const examples = [
      ...Array.from({ length: 9 }, () => example('a', 'satisfied')),
      example('b', 'dissatisfied'),
    ];
    const { weights, features, targets } = examplesOf(CLASSES, examples);
    expect([features.length, targets.length]).toEqual([20, 80]);
    expect((weights?.[0] ?? 0) * 9).toBeCloseTo(weights?.[9] ?? 0, 5);
  });
});
