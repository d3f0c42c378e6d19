import { describe, expect, it } from 'vitest';
import { blend, classChances, softmax, type Predictions } from './predictions.js';

const said = (churn: number, spendMinor: number, classes: number[]): Predictions => ({
  churn: Float64Array.of(churn),
  spendMinor: Float64Array.of(spendMinor),
  buyerClasses: Float64Array.from(classes),
});

const evenly = { churn: [1, 1], spend: [1, 1], classes: [1, 1] };

describe('predictions', () => {
  it('give classes whose chances sum to 1', () => {
    const chances = classChances(said(0.4, 100, [0.5, 0.3, 0.2]), 0);
    expect(chances).toEqual([0.4, expect.closeTo(0.3), expect.closeTo(0.18), expect.closeTo(0.12)]);
  });

  it('are blended by their logits, so that a sure model counts more than a doubtful one', () => {
    const one = said(0.5, 100, [1, 0, 0]);
    const other = said(0.99, 300, [0, 1, 0]);
    const even = blend([one, other], evenly);
    expect(even.churn[0]).toBeCloseTo(1 / (1 + Math.sqrt(0.01 / 0.99)), 9);
    expect(even.spendMinor[0]).toBeCloseTo(200, 9);
    expect([...even.buyerClasses]).toEqual([0.5, 0.5, 0]);
    expect(blend([one, other], { ...evenly, spend: [3, 1] }).spendMinor[0]).toBeCloseTo(150, 9);
  });

  it('may be sure of themselves and still be blended', () => {
    const sure = blend([said(1, 0, [1, 0, 0]), said(0, 0, [1, 0, 0])], evenly);
    expect(sure.churn[0]).toBeCloseTo(0.5, 6);
    expect(() => blend([], evenly)).toThrow(RangeError);
  });

  it('come from logits of any size', () => {
    expect(softmax([1000, 1000, -1000])).toEqual([0.5, 0.5, 0]);
  });
});
