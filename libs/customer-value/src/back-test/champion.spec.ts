import { describe, expect, it } from 'vitest';
import { championOf, ENOUGH_DAYS } from './champion.js';
import type { Report } from './report.js';

const report = (scores: Record<string, [value: number, high: number]>): Report => ({
  models: Object.fromEntries(
    Object.entries(scores).map(([name, [value, high]]) => [
      name,
      { score: { value, low: value - 0.1, high } },
    ]),
  ),
  origins: [{ origin: '2021-06-30', models: {} }],
  gains: [],
  missing: [],
});

describe('the champion', () => {
  it('is BG/NBD below 15 months, whatever the back-test says', () => {
    const choice = championOf(ENOUGH_DAYS - 1, report({ ensemble: [-0.5, -0.4] }));
    expect(choice).toEqual({ champion: 'bg-nbd', note: '14 months of history, 15 are needed' });
  });

  it('has the lowest score of those that beat BG/NBD surely', () => {
    const found = report({ ensemble: [-0.06, -0.04], boosting: [-0.08, 0.01], lstm: [-0.05, -0.02] });
    expect(championOf(700, found)).toEqual({ champion: 'ensemble', note: null });
  });

  it('is BG/NBD when none beats it surely', () => {
    const found = report({ ensemble: [-0.06, 0.01], boosting: [0.02, 0.03] });
    expect(championOf(700, found)).toEqual({
      champion: 'bg-nbd',
      note: 'no trained model beat it surely in the back-test',
    });
  });

  it('is the ensemble where nothing with enough history could be tested', () => {
    expect(championOf(500, null)).toEqual({ champion: 'ensemble', note: null });
  });
});
