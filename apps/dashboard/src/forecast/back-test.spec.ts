import { describe, expect, it } from 'vitest';
import { strings } from '../strings.js';
import { backTestOf, bestOf, figureText } from './back-test.js';

const told = {
  champion: 'lstm',
  models: {
    persistence: { churnAuc: 0.71, mae: 412 },
    'bg-nbd': { churnAuc: { value: 0.818, low: 0.81, high: 0.826 }, mae: 398, note: 'fitted' },
    lstm: { churnAuc: { value: 0.821, low: null, high: null }, mae: null },
  },
  origins: [
    { origin: '2011-04-30', models: { lstm: { churnAuc: 0.82 } } },
    { origin: '2011-03-31', models: { lstm: { churnAuc: 0.83 } } },
  ],
};

describe('a back-test', () => {
  it('is read with its intervals, and without what is no figure', () => {
    const backTest = backTestOf(told);
    expect(backTest?.metrics).toEqual(['churnAuc', 'mae']);
    expect(backTest?.models.map(({ figures }) => figures)).toEqual([
      { churnAuc: { value: 0.71, range: null }, mae: { value: 412, range: null } },
      { churnAuc: { value: 0.818, range: { low: 0.81, high: 0.826 } }, mae: { value: 398, range: null } },
      { churnAuc: { value: 0.821, range: null } },
    ]);
  });

  it('tells the oldest origin first', () => {
    expect(backTestOf(told)?.origins.map(({ origin }) => origin)).toEqual(['2011-03-31', '2011-04-30']);
  });

  it('names the best model of a metric, whichever way it counts', () => {
    const backTest = backTestOf(told);
    if (backTest === null) throw new Error('expected a back-test');
    expect(bestOf(backTest, 'churnAuc', 'higher')).toBe('lstm');
    expect(bestOf(backTest, 'mae', 'lower')).toBe('bg-nbd');
    expect(bestOf(backTest, 'nothing', 'higher')).toBeNull();
  });

  it('finds the total that is nearest to what came', () => {
    const totals = { a: { totalRatio: 0.8 }, b: { totalRatio: 1.1 }, c: { totalRatio: 1.3 } };
    const backTest = backTestOf({ models: totals });
    if (backTest === null) throw new Error('expected a back-test');
    expect(bestOf(backTest, 'totalRatio', 'nearest to 1')).toBe('b');
  });

  it('tells money in its currency, and other figures as they are', () => {
    expect(figureText('mae', 28_460, 'GBP')).toBe('£285');
    expect(figureText('rmseEqualTotal', 420, 'GBP')).toBe('£4.20');
    expect(figureText('mae', 420, 'JPY')).toBe('JP¥420');
    expect(figureText('mae', 28_460, null)).toBe('28,460');
    expect(figureText('churnAuc', 0.82, 'GBP')).toBe('0.820');
    expect(figureText('mae', null, 'GBP')).toBe('–');
  });

  it.each(['totalRatio', 'score', 'maeEqualTotal', 'rmseRatio'])('has words for %s', (metric) => {
    expect(strings.forecast.metrics[metric]?.name).toMatch(/ /);
  });

  it.each(['bg-nbd-all', 'boosting-without-signals', 'ensemble-without-signals', 'seasonal-naive'])(
    'has words for the model %s',
    (model) => {
      expect(strings.forecast.models[model]).toMatch(/ /);
    },
  );

  it.each([null, undefined, 4, [], {}, { models: [] }, { models: {} }])('is none in %j', (other) => {
    expect(backTestOf(other)).toBeNull();
  });
});
