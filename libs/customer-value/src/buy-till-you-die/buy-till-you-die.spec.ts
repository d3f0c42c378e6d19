import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aliveProbability, expectedPurchases, fitBgNbd, noPurchaseProbability } from './bg-nbd.js';
import { expectedAmount, fitGammaGamma } from './gamma-gamma.js';
import { hyp2f1, logGamma } from './special.js';
import { normalOf, randomOf } from '@regulars/contracts/random';

/** Customers that were simulated, and what lifetimes 0.11.3 (PyPI) finds in them. */
interface Golden {
  readonly bgNbd: Readonly<Record<'r' | 'alpha' | 'a' | 'b', number>>;
  readonly gammaGamma: Readonly<Record<'p' | 'q' | 'v', number>>;
  readonly alive: readonly number[];
  readonly purchases: readonly number[];
  readonly amounts: readonly number[];
  readonly customers: Readonly<
    Record<'repeats' | 'lastAfter' | 'observed' | 'meanAmount', readonly number[]>
  >;
}

const golden = JSON.parse(
  readFileSync(new URL('./golden/simulated.json', import.meta.url), 'utf8'),
) as Golden;

/** Repeats, last and observed of the customers whose figures were recorded. */
const HISTORIES = [
  [0, 0, 30],
  [3, 12.5, 40],
  [10, 38, 40],
  [5, 2, 60],
].map(([repeats = 0, lastAfter = 0, observed = 0]) => ({ repeats, lastAfter, observed }));

describe('special functions', () => {
  it('agree with known values', () => {
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
    expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 12);
    expect(hyp2f1(1, 1, 2, 0.5)).toBeCloseTo(2 * Math.LN2, 12);
    expect(hyp2f1(0.5, 1, 1.5, 0.81)).toBeCloseTo(Math.atanh(0.9) / 0.9, 12);
  });
});

describe('BG/NBD', () => {
  const fit = fitBgNbd(golden.customers);

  it("finds lifetimes' parameters to four digits", () => {
    expect(fit.isSettled).toBe(true);
    for (const name of ['r', 'alpha', 'a', 'b'] as const)
      expect(fit.parameters[name] / golden.bgNbd[name]).toBeCloseTo(1, 3);
  });

  it("computes lifetimes' probability of being alive and expected purchases from its parameters", () => {
    HISTORIES.forEach((history, index) => {
      expect(aliveProbability(golden.bgNbd, history)).toBeCloseTo(golden.alive[index] ?? NaN, 10);
      expect(expectedPurchases(golden.bgNbd, history, 13)).toBeCloseTo(golden.purchases[index] ?? NaN, 8);
    });
  });

  it('brackets the parameters of a larger simulated population with its intervals', () => {
    const truth = { r: 0.8, alpha: 6, a: 0.7, b: 3 };
    const { intervals } = fitBgNbd(simulate(truth, 4_000));
    for (const name of ['r', 'alpha', 'a', 'b'] as const) {
      expect(intervals[name][0]).toBeLessThan(truth[name]);
      expect(intervals[name][1]).toBeGreaterThan(truth[name]);
    }
  });

  it('gives a chance of no purchase that is 1 at once and falls with time towards that of being gone', () => {
    for (const history of HISTORIES) {
      const chances = [0, 1, 10, 100, 1e12].map((time) =>
        noPurchaseProbability(fit.parameters, history, time),
      );
      expect(chances[0]).toBe(1);
      expect([...chances].sort((one, other) => other - one)).toEqual(chances);
      expect(chances.at(-1)).toBeCloseTo(1 - aliveProbability(fit.parameters, history), 4);
    }
  });

  it('expects at least as many purchases as there is a chance of one', () => {
    for (const history of HISTORIES)
      expect(expectedPurchases(fit.parameters, history, 13)).toBeGreaterThanOrEqual(
        1 - noPurchaseProbability(fit.parameters, history, 13),
      );
  });

  it('stays finite when nobody ever came again', () => {
    const { parameters } = fitBgNbd({ repeats: [0, 0, 0], lastAfter: [0, 0, 0], observed: [10, 20, 30] });
    expect(expectedPurchases(parameters, { repeats: 0, lastAfter: 0, observed: 10 }, 90)).toBeCloseTo(0, 1);
  });

  it('expects the mean over the chance to leave, also where parameters are degenerate', () => {
    const cases = [
      { r: 0.8, alpha: 60, a: 0.7, b: 3 },
      { r: 0.8, alpha: 60, a: 19.9, b: 3 },
      { r: 0.8, alpha: 60, a: 20.1, b: 3 },
      { r: 0.8, alpha: 60, a: 2, b: 2e5 },
      { r: 0.8, alpha: 60, a: 2e5, b: 3e5 },
      { r: 0.8, alpha: 60, a: 2e6, b: 5 },
      { r: 9e4, alpha: 8e5, a: 1.5, b: 2 },
      { r: 9e4, alpha: 8e5, a: 9e4, b: 2e4 },
    ];
    for (const parameters of cases)
      for (const history of HISTORIES) {
        const expected = aliveProbability(parameters, history) * meanOverLeaving(parameters, history, 90);
        expect(
          expectedPurchases(parameters, history, 90) / expected,
          JSON.stringify({ parameters, history }),
        ).toBeCloseTo(1, 5);
      }
  });

  it('expects what one chance to leave for all gives, when the population is as good as of one kind', () => {
    const history = { repeats: 4, lastAfter: 100, observed: 130 };
    const parameters = { r: 2, alpha: 30, a: 4e5, b: 6e5 };
    const forAll = (1 - (1 + (0.4 * 90) / 160) ** -6) / 0.4;
    expect(expectedPurchases(parameters, history, 90) / aliveProbability(parameters, history)).toBeCloseTo(
      forAll,
      4,
    );
  });

  it('gives a number within its bounds for any parameters at all', () => {
    const parameter = fc.double({ min: -15, max: 15, noNaN: true }).map(Math.exp);
    const record = fc.record({ r: parameter, alpha: parameter, a: parameter, b: parameter });
    const visits = fc.record({ repeats: fc.nat(300), share: fc.double({ min: 0, max: 1, noNaN: true }) });
    fc.assert(
      fc.property(
        record,
        visits,
        fc.integer({ min: 1, max: 800 }),
        (parameters, { repeats, share }, observed) => {
          const history = { repeats, lastAfter: repeats === 0 ? 0 : share * observed, observed };
          const found = expectedPurchases(parameters, history, 90);
          expect(Number.isFinite(found)).toBe(true);
          expect(found).toBeGreaterThanOrEqual(1 - noPurchaseProbability(parameters, history, 90));
        },
      ),
      { numRuns: 300, seed: 4 },
    );
  });

  it('refuses an empty population', () => {
    expect(() => fitBgNbd({ repeats: [], lastAfter: [], observed: [] })).toThrow(RangeError);
  });
});

describe('Gamma-Gamma', () => {
  const { customers, gammaGamma, amounts } = golden;
  const fit = fitGammaGamma({ purchases: customers.repeats, meanAmount: customers.meanAmount });

  it("finds lifetimes' parameters to three digits", () => {
    for (const name of ['p', 'q', 'v'] as const)
      expect(fit.parameters[name] / gammaGamma[name]).toBeCloseTo(1, 3);
  });

  it("computes lifetimes' expected amounts from its parameters", () => {
    const given = [
      [1, 20],
      [4, 60.5],
      [0, 0],
    ] as const;
    given.forEach(([purchases, mean], index) =>
      expect(expectedAmount(gammaGamma, purchases, mean)).toBeCloseTo(amounts[index] ?? NaN, 8),
    );
  });

  it('does not depend on the unit of money', () => {
    const pennies = customers.meanAmount.map((amount) => amount * 100);
    const inPennies = fitGammaGamma({ purchases: customers.repeats, meanAmount: pennies }).parameters;
    expect(expectedAmount(inPennies, 3, 5_000) / 100).toBeCloseTo(expectedAmount(fit.parameters, 3, 50), 3);
  });
});

const cdnow = process.env['CDNOW_SUMMARY'];
const cdnowWithAmounts = cdnow?.replace(/\.csv$/, '_with_transactions.csv');
const hasCdnow = cdnow !== undefined && existsSync(cdnow);
if (!hasCdnow)
  console.warn(
    "CDNOW's summary is not compared: CDNOW_SUMMARY names no file (it ships inside the PyPI package lifetimes).",
  );

describe.runIf(hasCdnow)("CDNOW's published summary", () => {
  const columns = (path: string | undefined) => {
    const [, ...lines] = readFileSync(path ?? '', 'utf8')
      .trim()
      .split(/\r?\n/);
    const rows = lines.map((line) => line.split(',').map(Number));
    return (index: number) => rows.map((row) => row[index] ?? NaN);
  };

  it('has the published parameters', () => {
    const column = columns(cdnow);
    const { parameters } = fitBgNbd({ repeats: column(1), lastAfter: column(2), observed: column(3) });
    expect(parameters.r).toBeCloseTo(0.2426, 4);
    expect(parameters.alpha).toBeCloseTo(4.4135, 3);
    expect(parameters.a).toBeCloseTo(0.7929, 4);
    expect(parameters.b).toBeCloseTo(2.4258, 3);
  });

  it("has lifetimes' Gamma-Gamma parameters", () => {
    const column = columns(cdnowWithAmounts);
    const { parameters } = fitGammaGamma({ purchases: column(1), meanAmount: column(4) });
    expect(parameters.p).toBeCloseTo(6.2488, 2);
    expect(parameters.q).toBeCloseTo(3.7446, 2);
    expect(parameters.v).toBeCloseTo(15.4477, 1);
  });
});

/** Expected purchases of a customer who has not left, by summing over the chance p to leave: on the scale of
 *  ln(p / (1 - p)), where beta's density is smooth. */
function meanOverLeaving(
  { r, alpha, a, b }: { r: number; alpha: number; a: number; b: number },
  { repeats, observed }: { repeats: number; observed: number },
  time: number,
): number {
  const [stays, reach] = [b + repeats, Math.sqrt(1 / a + 1 / (b + repeats))];
  const logBeta = logGamma(a) + logGamma(stays) - logGamma(a + stays);
  const from = Math.log(a / stays) - 40 * reach - 40 / a;
  const to = Math.log(a / stays) + 40 * reach + 40 / stays;
  const step = (to - from) / 40_000;
  let sum = 0;
  for (let u = from; u < to; u += step) {
    const [p, rest] = [1 / (1 + Math.exp(-u)), 1 / (1 + Math.exp(u))];
    const density = Math.exp(a * Math.log(p) + stays * Math.log(rest) - logBeta);
    sum += (density * -Math.expm1(-(r + repeats) * Math.log1p((p * time) / (alpha + observed)))) / p;
  }
  return sum * step;
}

/** Customers whose purchases follow the model. */
function simulate(truth: { r: number; alpha: number; a: number; b: number }, count: number) {
  const random = randomOf(5);
  const histories = { repeats: [] as number[], lastAfter: [] as number[], observed: [] as number[] };
  for (let customer = 0; customer < count; customer += 1) {
    const observed = 20 + Math.floor(random() * 60);
    const rate = gammaDeviate(truth.r, random) / truth.alpha;
    const stays = gammaDeviate(truth.a, random);
    const leaves = stays / (stays + gammaDeviate(truth.b, random));
    let [repeats, last] = [0, 0];
    for (let time = 0; ;) {
      time -= Math.log(1 - random()) / rate;
      if (time > observed) break;
      [repeats, last] = [repeats + 1, time];
      if (random() < leaves) break;
    }
    histories.repeats.push(repeats);
    histories.lastAfter.push(last);
    histories.observed.push(observed);
  }
  return histories;
}

/** Marsaglia and Tsang's method. */
function gammaDeviate(shape: number, random: () => number): number {
  if (shape < 1) return gammaDeviate(shape + 1, random) * random() ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const normal = normalOf(random);
    const v = (1 + normal / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * normal * normal + d - d * v + d * Math.log(v)) return d * v;
  }
}
