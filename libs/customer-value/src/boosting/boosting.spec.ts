import { describe, expect, it } from 'vitest';
import { normalOf, randomOf } from '@regulars/contracts/random';
import { attributions } from './attributions.js';
import { binBounds, binOf } from './bins.js';
import { boostedScores, fitBoosting, type BoostingOptions } from './boosting.js';
import { logisticLoss, softmaxLoss, tweedieLoss, type Loss } from './losses.js';

const OPTIONS: BoostingOptions = {
  rounds: 60,
  learningRate: 0.1,
  leaves: 8,
  leafRows: 20,
  ridge: 1,
  rowShare: 0.7,
  featureShare: 1,
  seed: 1,
};
const ROWS = 2_000;

/** Two features that matter by their product, one that does not, and one that is often missing. */
const table = (seed: number) => {
  const random = randomOf(seed);
  const features = new Float64Array(ROWS * 4);
  for (let row = 0; row < ROWS; row += 1) {
    for (let column = 0; column < 3; column += 1) features[row * 4 + column] = normalOf(random);
    features[row * 4 + 3] = random() < 0.5 ? NaN : random();
  }
  const at = (row: number, column: number): number => features[row * 4 + column] ?? NaN;
  return { features, at, random };
};

const fit = (features: Float64Array, loss: Loss, offsets = new Float64Array(ROWS * loss.outputs)) =>
  fitBoosting({ features, columns: 4, loss, offsets }, OPTIONS);

const rows = Array.from({ length: ROWS }, (_, row) => row);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('bins', () => {
  it('hold equally many values, equal values in one bin and missing ones apart', () => {
    const bounds = binBounds([...new Array<number>(500).fill(0), ...rows.slice(1, 501)]);
    expect(binOf(NaN, bounds)).toBe(0);
    expect(binOf(0, bounds)).toBe(1);
    expect(binOf(1, bounds)).toBeGreaterThan(1);
    expect(binOf(1e9, bounds)).toBe(bounds.length + 1);
    expect(bounds.length).toBeGreaterThan(25);
  });

  it('keep few different values apart, and are never more than there may be', () => {
    expect(binBounds([3, 1, 1, 1, 1, 2, 1, 1, 3])).toEqual([1.5, 2.5]);
    expect(binBounds(rows)).toHaveLength(62);
    expect(binBounds([])).toEqual([]);
  });
});

describe('the losses', () => {
  it.each([
    ['logistic', logisticLoss([1]), (s: number) => Math.log(1 + Math.exp(-s)), 1],
    [
      'Tweedie',
      tweedieLoss([2.5], 1.5),
      (s: number) => (2.5 * Math.exp(-0.5 * s)) / 0.5 + Math.exp(0.5 * s) / 0.5,
      1,
    ],
  ])('%s: slope and curvature are those of the loss', (_, loss, value, outputs) => {
    const slopes = { slope: new Float64Array(1), curvature: new Float64Array(1) };
    for (const score of [-1.2, 0.3, 2]) {
      loss.fill(slopes, Float64Array.of(score), 0);
      expect(slopes.slope[0]).toBeCloseTo((value(score + 1e-5) - value(score - 1e-5)) / 2e-5, 6);
      expect(slopes.curvature[0]).toBeCloseTo(
        (value(score + 1e-4) + value(score - 1e-4) - 2 * value(score)) / 1e-8,
        4,
      );
    }
    expect(loss.outputs).toBe(outputs);
  });

  it('softmax: rows of no class do not count', () => {
    const slopes = { slope: new Float64Array(2), curvature: new Float64Array(2) };
    softmaxLoss([2, -1], 3).fill(slopes, Float64Array.of(0, 0, 0, 0, 0, 0), 2);
    expect([...slopes.slope]).toEqual([expect.closeTo(-2 / 3), 0]);
  });
});

describe('boosting', () => {
  it('learns a product of features, and a missing value as a value', () => {
    const { features, at, random } = table(1);
    const logit = (row: number) =>
      (at(row, 0) * at(row, 1) > 0 ? 2 : -2) + (Number.isNaN(at(row, 3)) ? 1 : -1);
    const targets = rows.map((row) => (random() < 1 / (1 + Math.exp(-logit(row))) ? 1 : 0));
    const scores = boostedScores(fit(features, logisticLoss(targets)), features);
    const right = rows.filter((row) => (scores[row] ?? 0) > 0 === logit(row) > 0).length;
    expect(right / ROWS).toBeGreaterThan(0.95);
  });

  it('learns nothing where the offset says it all', () => {
    const { features, at, random } = table(2);
    const offsets = Float64Array.from(rows, (row) => 2 * at(row, 0));
    const targets = rows.map((row) => (random() < 1 / (1 + Math.exp(-(offsets[row] ?? 0))) ? 1 : 0));
    const loss = logisticLoss(targets);
    const withOffset = boostedScores(fit(features, loss, offsets), features);
    const without = boostedScores(fit(features, loss), features);
    const size = (scores: Float64Array) => Math.sqrt(mean([...scores].map((score) => score ** 2)));
    expect(size(withOffset)).toBeLessThan(0.3 * size(without));
  });

  it('with the Tweedie loss forecasts the mean of amounts with many zeros', () => {
    const { features, at, random } = table(3);
    const targets = rows.map((row) => (random() < 0.7 ? 0 : Math.exp(at(row, 0) + 0.5 * normalOf(random))));
    const scores = boostedScores(fit(features, tweedieLoss(targets, 1.5)), features);
    const groups = [rows.filter((row) => at(row, 0) > 1), rows.filter((row) => at(row, 0) < -1)];
    for (const group of groups) {
      const forecast = mean(group.map((row) => Math.exp(scores[row] ?? 0)));
      expect(forecast / mean(group.map((row) => targets[row] ?? 0))).toBeCloseTo(1, 0);
    }
  });

  it('with the softmax loss gives each class its share', () => {
    const { features, at } = table(4);
    const targets = rows.map((row) => (at(row, 0) > 0.5 ? 2 : at(row, 1) > 0 ? 1 : 0));
    const scores = boostedScores(fit(features, softmaxLoss(targets, 3)), features);
    const best = (row: number) =>
      [0, 1, 2].reduce((most, k) =>
        (scores[k * ROWS + row] ?? 0) > (scores[most * ROWS + row] ?? 0) ? k : most,
      );
    expect(rows.filter((row) => best(row) === targets[row]).length / ROWS).toBeGreaterThan(0.97);
  });

  it('gives the same trees for the same seed and others for another', () => {
    const { features, at } = table(5);
    const loss = logisticLoss(rows.map((row) => (at(row, 0) > 0 ? 1 : 0)));
    expect(fit(features, loss)).toEqual(fit(features, loss));
    const other = fitBoosting(
      { features, columns: 4, loss, offsets: new Float64Array(ROWS) },
      { ...OPTIONS, seed: 2 },
    );
    expect(other).not.toEqual(fit(features, loss));
  });

  it('says what each feature adds, which sums to the score', () => {
    const { features, at } = table(7);
    const targets = rows.map((row) => (at(row, 0) > 0.2 ? 1 : 0));
    const trees = fit(features, logisticLoss(targets));
    const parts = attributions(trees, features, { groupOf: [0, 1, 1, 1], groups: 3, shared: 2 });
    const scores = boostedScores(trees, features);
    for (const row of rows) {
      const sum = [0, 1, 2].reduce((total, group) => total + (parts[row * 3 + group] ?? 0), 0);
      expect(sum).toBeCloseTo(scores[row] ?? NaN, 9);
    }
    const size = (group: number) => mean(rows.map((row) => Math.abs(parts[row * 3 + group] ?? 0)));
    expect(size(0)).toBeGreaterThan(10 * size(1));
  });

  it('stops when it is told to', () => {
    const { features } = table(6);
    const loss = logisticLoss(rows.map(() => 1));
    expect(() =>
      fitBoosting(
        { features, columns: 4, loss, offsets: new Float64Array(ROWS) },
        OPTIONS,
        1,
        AbortSignal.abort(),
      ),
    ).toThrow();
  });
});
