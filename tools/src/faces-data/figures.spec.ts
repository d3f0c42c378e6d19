import { describe, expect, it } from 'vitest';
import {
  accuracyOf,
  aucOf,
  calibrationErrorOf,
  macroF1Of,
  reportOf,
  rounded,
  type TwoClassScore,
} from './figures.js';

const scores = (...of: [boolean, number][]): TwoClassScore[] =>
  of.map(([satisfied, score]) => ({ satisfied, score }));

describe('figures of two classes', () => {
  const four = scores([true, 0.9], [true, 0.4], [false, 0.3], [false, 0.6]);

  it('counts what is right when one of the two is forced', () => {
    expect(accuracyOf(four)).toBe(0.5);
    expect(accuracyOf([])).toBeNaN();
  });

  it('gives the share of pairs in the right order, ties half', () => {
    expect(aucOf(four)).toBe(0.75);
    expect(aucOf(scores([true, 0.5], [false, 0.5]))).toBe(0.5);
    expect(aucOf(scores([true, 1], [false, 0]))).toBe(1);
    expect(aucOf(scores([true, 1]))).toBeNaN();
  });

  it('reports as scikit-learn does', () => {
    const report = reportOf(scores([true, 0.9], [true, 0.8], [true, 0.2], [false, 0.7]));
    expect(report.satisfied).toEqual({ precision: 2 / 3, recall: 2 / 3, f1: 2 / 3, support: 3 });
    expect(report.dissatisfied).toEqual({ precision: 0, recall: 0, f1: 0, support: 1 });
    expect(macroF1Of(four)).toBeCloseTo(0.5);
  });

  it('finds no calibration error where confidence is what comes true, and the gap where it is not', () => {
    const even = Array.from({ length: 10 }, (_, i): TwoClassScore => ({ satisfied: i < 8, score: 0.8 }));
    expect(calibrationErrorOf(even)).toBeCloseTo(0);
    expect(calibrationErrorOf(scores([true, 0.99], [false, 0.99]))).toBeCloseTo(0.49);
  });

  it('rounds to four digits and prints nothing where nothing was measured', () => {
    expect(rounded(0.98765432)).toBe(0.9877);
    expect(rounded(NaN)).toBeNull();
  });
});
