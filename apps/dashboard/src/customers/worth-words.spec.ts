import { describe, expect, it } from 'vitest';
import { forecast, worth } from '../testing/a-worth.js';
import {
  churnWord,
  classesText,
  forecastLine,
  modelText,
  nextText,
  reasonText,
  rangeText,
  worthLine,
} from './worth-words.js';

describe('a customer’s worth in words', () => {
  it('says how often, for how much and when last', () => {
    expect(worthLine(worth())).toBe('7 purchases, €482.50, last 12 days ago');
    expect(worthLine(worth({ frequency: 1, monetaryMinor: 1990, currency: 'JPY', recencyDays: 0 }))).toBe(
      '1 purchase, JP¥1,990, last today',
    );
  });

  it('says what is expected, with its interval where there is one', () => {
    expect(forecastLine(forecast())).toBe('€42 expected in 3 months, will probably buy');
    expect(rangeText(forecast())).toBe('€9 to €305 in eight cases of ten');
    expect(rangeText(forecast({ spendRangeMinor: null }))).toBe('the model gives no interval');
  });

  it.each([
    [0, 'will almost surely buy'],
    [0.34, 'will probably buy'],
    [0.5, 'may stay away'],
    [1, 'will probably stay away'],
  ])('puts a probability of %d to buy nothing as “%s”', (probability, words) => {
    expect(churnWord(probability)).toBe(words);
  });

  it('says when the next purchase is expected, or that none is', () => {
    expect(nextText(forecast())).toBe('around 9 Dec 2026');
    expect(nextText(forecast({ nextPurchaseOn: null }))).toBe('none expected');
  });

  it('names the model and why no better one serves', () => {
    expect(modelText(forecast())).toBe('Made by BG/NBD with Gamma-Gamma: less than 15 months of history.');
    expect(modelText({ model: 'lstm', note: null })).toBe('Made by LSTM.');
    expect(modelText({ model: 'newer-9', note: null })).toBe('Made by newer-9.');
  });

  it('says what moved the forecast, and leaves out what did not', () => {
    expect(reasonText({ group: 'frequency', churnLogit: -0.7, logSpend: 0.18 })).toBe(
      'how often they buy: likelier to buy, 20% more spend',
    );
    expect(reasonText({ group: 'since', churnLogit: 0.4, logSpend: -0.5 })).toBe(
      'what they did since the month began: likelier to stay away, 39% less spend',
    );
    expect(reasonText({ group: 'spend', churnLogit: 0, logSpend: 2.3 })).toBe(
      'how much they spend: 10.0 times the spend',
    );
    expect(reasonText({ group: 'season', churnLogit: 0.01, logSpend: 0.01 })).toBeNull();
  });

  it('lists the classes by their probability', () => {
    expect(classesText({ high: 0.22, medium: 0.61, low: 0.168, none: 0.002 })).toBe(
      'medium 61%, high 22%, low 17%, bought nothing <1%',
    );
  });
});
