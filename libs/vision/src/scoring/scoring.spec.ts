import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unitVector } from '../models/embeddings.js';
import { distanceForRate, falsePositiveRate, tailShift } from './budget.js';
import { crossfitCrowding, fitCrowding, type LabelledEmbedding } from './fit-crowding.js';
import { eigenvectors, solvePositive } from './linear-algebra.js';
import { ownImpostors } from './own-impostors.js';
import { readScoring } from './read-scoring.js';
import { crowdingOf, distanceAtRate, rateAt, scoredDistance, type Tail } from './scoring.js';

const TAIL: Tail = [
  [1e-5, 0.05],
  [1e-3, 0.07],
  [1e-1, 0.11],
];

/** Numbers around 0 that are the same every time. */
function normals(seed: number): () => number {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return () => next() + next() + next() + next() - 2;
}

/** People of whom every third lies in a crowd, two pictures each. */
function crowd(people: number, seed: number): LabelledEmbedding[] {
  const normal = normals(seed);
  const middle = Array.from({ length: 16 }, () => normal());
  return Array.from({ length: people }, (_, person) => {
    const pull = person % 3 === 0 ? 3 : 0.3;
    const centre = middle.map((value) => pull * value + normal());
    return [0, 1].map(() => ({
      person: `p${person}`,
      embedding: unitVector(Float32Array.from(centre, (value) => value + 0.2 * normal())),
    }));
  }).flat();
}

describe('crowding', () => {
  it('is larger for a face of a crowded region, also of people who had no part in the fit', () => {
    const fit = fitCrowding(crowd(200, 1));
    const others = crowd(60, 1).concat(crowd(90, 7)).slice(120);
    const mean = (isCrowded: boolean) => {
      const some = others.filter((_, i) => (Math.floor(i / 2) % 3 === 0) === isCrowded);
      return some.reduce((sum, face) => sum + crowdingOf(fit, face.embedding), 0) / some.length;
    };
    expect(mean(true)).toBeGreaterThan(mean(false) - 1);
    const known = crowd(200, 1);
    const own = (isCrowded: boolean) => {
      const some = known.filter((_, i) => (Math.floor(i / 2) % 3 === 0) === isCrowded);
      const crowding = crossfitCrowding(known);
      return some.reduce((sum, face) => sum + crowding(face), 0) / some.length;
    };
    expect(own(true)).toBeGreaterThan(own(false) + 0.05);
  });

  it('is 0 for the average face of the fit', () => {
    const faces = crowd(150, 3);
    const fit = fitCrowding(faces);
    const sum = faces.reduce((total, { embedding }) => total + crowdingOf(fit, embedding), 0);
    expect(sum / faces.length).toBeCloseTo(0, 6);
  });

  it('is not fitted on a handful of people, nor told of other embeddings or people', () => {
    expect(() => fitCrowding(crowd(99, 1))).toThrow(/100 people/);
    const faces = crowd(130, 5);
    expect(() => crowdingOf(fitCrowding(faces), new Float32Array(8))).toThrow(/16 components/);
    const stranger = { person: 'nobody', embedding: faces[0]?.embedding ?? new Float32Array() };
    expect(() => crossfitCrowding(faces)(stranger)).toThrow(/nobody/);
  });
});

describe('a scored distance', () => {
  it('grows with the crowding of either face, and is never below 0', () => {
    expect(scoredDistance(0.95, 0, 0)).toBeCloseTo(0.05);
    expect(scoredDistance(0.95, 0.02, 0.01)).toBeCloseTo(0.065);
    expect(scoredDistance(1, -0.1, -0.1)).toBe(0);
  });
});

describe('a tail', () => {
  it('gives the measured rates at the measured distances, and each the other back', () => {
    expect(rateAt(TAIL, 0.07)).toBeCloseTo(1e-3, 9);
    expect(distanceAtRate(TAIL, 1e-5)).toBeCloseTo(0.05, 9);
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 0.11, noNaN: true }), (distance) => {
        expect(distanceAtRate(TAIL, rateAt(TAIL, distance))).toBeCloseTo(distance, 9);
      }),
    );
  });

  it('goes on beyond what was measured, and is a share', () => {
    expect(rateAt(TAIL, 0.04)).toBeCloseTo(1e-6, 9);
    expect(rateAt(TAIL, 2)).toBe(1);
  });
});

describe('the false-positive rate of a search', () => {
  it('is the tail times the people where it is small, and its distance gives it back', () => {
    expect(falsePositiveRate(TAIL, 0.05, 100, 0)).toBeCloseTo(1e-3, 5);
    fc.assert(
      fc.property(
        fc.double({ min: 1e-4, max: 0.05, noNaN: true }),
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: -0.02, max: 0.02, noNaN: true }),
        (rate, people, shift) => {
          const distance = distanceForRate(TAIL, rate, people, shift);
          expect(falsePositiveRate(TAIL, distance, people, shift)).toBeCloseTo(rate, 6);
        },
      ),
    );
  });

  it('takes several templates for as many chances until the gallery itself tells', () => {
    expect(tailShift(TAIL, { people: 5, templatesPerPerson: 1, own: null })).toBe(0);
    expect(tailShift(TAIL, { people: 5, templatesPerPerson: 10, own: null })).toBeCloseTo(-0.01);
    const own = { probes: 1_000_000, rate: 1e-3, distance: 0.06 };
    expect(tailShift(TAIL, { people: 500, templatesPerPerson: 1, own })).toBeCloseTo(-0.01, 5);
  });
});

describe("a gallery's own people", () => {
  it('tell which distance a known share of their comparisons reached', () => {
    const owners = Array.from({ length: 40 }, (_, i) => `p${i}`);
    const own = ownImpostors(owners, (i) => Array.from({ length: 39 }, (_, j) => (i * 39 + j + 1) / 10_000));
    expect(own).toEqual({ probes: 40, rate: 30 / (40 * 39), distance: 0.003 });
  });

  it('tell nothing when they are few', () => {
    expect(ownImpostors(['a', 'b', 'c'], () => [0.1, 0.2])).toBeNull();
    expect(ownImpostors([], () => [])).toBeNull();
  });
});

describe('linear algebra', () => {
  it('solves positive definite equations and refuses others', () => {
    const solved = solvePositive(Float64Array.of(4, 2, 2, 3), Float64Array.of(10, 9));
    expect([...solved].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([1.5, 2]);
    expect(() => solvePositive(Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 1))).toThrow(RangeError);
  });

  it('finds the directions that a symmetric matrix only stretches', () => {
    const a = [2, 1, 0, 1, 3, 1, 0, 1, -4];
    const found = eigenvectors(Float64Array.from(a), 3);
    expect(found.map(({ value }) => Math.abs(value))).toEqual(
      [...found.map(({ value }) => Math.abs(value))].sort((one, other) => other - one),
    );
    for (const { value, vector } of found) {
      const image = [0, 1, 2].map((i) => vector.reduce((sum, x, j) => sum + (a[i * 3 + j] ?? 0) * x, 0));
      image.forEach((x, i) => expect(x).toBeCloseTo(value * (vector[i] ?? 0), 9));
    }
  });
});

describe('the scoring of a recogniser', () => {
  it('comes with Regulars for the one in use, and has nothing that a person could be found by', async () => {
    const scoring = await readScoring('/nowhere', 'dlib-resnet');
    expect(scoring.crowding.linear).toHaveLength(128);
    expect(distanceAtRate(scoring.templates, 1e-4)).toBeGreaterThan(distanceAtRate(scoring.templates, 1e-5));
    expect(Object.keys(scoring).sort()).toEqual([
      'crowding',
      'fitted',
      'meanNearness',
      'model',
      'scoringVersion',
      'templates',
    ]);
  });

  it('is not guessed for a recogniser that was not measured', async () => {
    await expect(readScoring('/nowhere', 'somebody-elses')).rejects.toMatchObject({
      code: 'MODEL_MISMATCH',
      fields: { file: 'somebody-elses.scoring.json' },
    });
  });
});
