import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomOf } from '@regulars/contracts/random';
import { unitVector } from '@regulars/vision';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { picturesOf } from '../faces/folder.js';
import { meanNearness } from '../faces/mean-nearness.js';
import { strangerTail } from '../faces/stranger-tail.js';
import { drawPeople, searchDraw, type Person } from './identification-draw.js';
import { drawFigures, summaryOf, wilson } from './identification-figures.js';
import { evaluateIdentification } from './identification.js';

/** People in directions of their own, each with some views that differ a little. */
function people(count: number, views: number): Person[] {
  return Array.from({ length: count }, (_, person) => ({
    name: `p${person}`,
    views: Array.from({ length: views }, (__, view) =>
      unitVector(
        Float32Array.from({ length: count + 4 }, (___, i) =>
          i === person ? 1 : i === count + view ? 0.1 : 0,
        ),
      ),
    ),
  }));
}

describe('a draw of people', () => {
  const plan = { enrolled: 6, galleryViews: 2, probeViews: 1 };
  const all = [...people(5, 3), ...people(10, 1).map((one) => ({ ...one, name: `single-${one.name}` }))];

  it('enrols and probes who has enough pictures, fills up from the others, and leaves the rest strangers', () => {
    const { gallery, probes } = drawPeople(all, plan, randomOf(1));
    expect(gallery).toHaveLength(6);
    expect(probes.filter(({ enrolledAs }) => enrolledAs >= 0)).toHaveLength(5);
    const enrolled = new Set(gallery.map((templates) => templates[0]?.person));
    for (const { face, enrolledAs } of probes) {
      expect(enrolled.has(face.person)).toBe(enrolledAs >= 0);
      if (enrolledAs >= 0) expect(gallery[enrolledAs]?.[0]?.person).toBe(face.person);
    }
    expect(new Set([...enrolled, ...probes.map(({ face }) => face.person)]).size).toBe(15);
  });

  it('never looks for somebody with a picture that is enrolled', () => {
    const { gallery, probes } = drawPeople(people(4, 4), { ...plan, enrolled: 4 }, randomOf(3));
    const enrolled = new Set(gallery.flat().map(({ embedding }) => embedding));
    for (const { face } of probes) expect(enrolled.has(face.embedding)).toBe(false);
  });

  it('is the same for the same seed', () => {
    const names = (seed: number) =>
      drawPeople(all, plan, randomOf(seed)).gallery.map((templates) => templates[0]?.person);
    expect(names(5)).toEqual(names(5));
    expect(names(5)).not.toEqual(names(6));
  });

  it('finds who is enrolled, and holds crowding against who has it', () => {
    const draw = drawPeople(people(4, 3), { ...plan, enrolled: 4 }, randomOf(2));
    const searches = searchDraw(draw, () => 0);
    expect(searches.every(({ isRight, distance }) => isRight && distance < 0.02)).toBe(true);
    expect(searchDraw(draw, () => 0.1).every(({ distance }) => distance > 0.1)).toBe(true);
  });
});

describe('a probe of several views', () => {
  const plan = { enrolled: 4, galleryViews: 2, probeViews: 2 };

  it('is their mean, taken further by what it lost of its length', () => {
    const draw = drawPeople(people(4, 4), plan, randomOf(2));
    for (const { lengthLost } of draw.probes) expect(lengthLost).toBeGreaterThan(1e-3);
    const [plain, further] = [0, 2].map((nearness) => searchDraw(draw, () => 0, nearness));
    draw.probes.forEach(({ lengthLost }, i) => {
      const more = (further?.[i]?.distance ?? 0) - (plain?.[i]?.distance ?? 0);
      expect(more).toBeCloseTo(2 * lengthLost, 6);
    });
  });

  it('has lost nothing where it is one view', () => {
    const { probes } = drawPeople(people(4, 4), { ...plan, probeViews: 1 }, randomOf(2));
    for (const { lengthLost } of probes) expect(lengthLost).toBeCloseTo(0, 6);
  });
});

describe('how much nearer means come to strangers', () => {
  /** People around a common direction, their views around their own, from the same numbers every time. */
  function crowd(count: number, views: number): { person: string; embedding: Float32Array }[] {
    const random = randomOf(5);
    const normal = () => random() + random() + random() + random() - 2;
    const noise = (size: number) => Array.from({ length: 32 }, () => size * normal());
    return Array.from({ length: count }, (_, person) => {
      const own = noise(0.4);
      return Array.from({ length: views }, () => {
        const view = noise(0.2);
        const values = own.map((value, i) => value + (view[i] ?? 0) + (i === 0 ? 3 : 0));
        return { person: `p${person}`, embedding: unitVector(Float32Array.from(values)) };
      });
    }).flat();
  }

  it('is measured where many people have two pictures, and makes up for it', () => {
    const faces = crowd(150, 2);
    const nearness = meanNearness(faces, () => 0) ?? 0;
    expect(nearness).toBeGreaterThan(0.1);
    expect(nearness).toBeLessThan(2);
  });

  it('is not told from few comparisons, nor where nobody has two pictures', () => {
    expect(meanNearness(crowd(20, 2), () => 0)).toBeNull();
    expect(meanNearness(crowd(300, 1), () => 0)).toBeNull();
  });
});

describe('rates of a search', () => {
  const stranger = (distance: number) => ({ distance, isRight: false, isStranger: true });
  const mated = (distance: number, isRight = true) => ({ distance, isRight, isStranger: false });
  const searches = [
    ...Array.from({ length: 100 }, (_, i) => stranger(0.05 + i / 1_000)),
    mated(0.01),
    mated(0.0505),
    mated(0.2),
    mated(0.01, false),
  ];

  it('count who is not named, or named wrongly, as missed, and strangers who are named', () => {
    const figures = drawFigures(searches, { threshold: 0.0525, predicted: 0.01 });
    expect(figures).toMatchObject({ mated: 4, strangers: 100, fnirAtFpir1e2: 0.5, fnirAtFpir1e3: 0.75 });
    expect(figures).toMatchObject({ fpirObserved: 0.03, fpirPredicted: 0.01, fnir: 0.5 });
  });

  it('are averaged over the draws, with intervals', () => {
    const plan = { enrolled: 4, galleryViews: 1, probeViews: 1 };
    const one = drawFigures(searches, { threshold: 0.0525, predicted: 0.01 });
    const { result, text } = summaryOf(plan, [one, { ...one, fnirAtFpir1e2: 0.25 }]);
    expect(Object.keys(result)).toEqual([
      ...['enrolled', 'galleryViews', 'probeViews', 'mated', 'strangers'],
      ...['fnirAtFpir1e2', 'fnirAtFpir1e3', 'fpirPredicted', 'fpirObserved'],
    ]);
    expect(result.fnirAtFpir1e2).toBe(0.375);
    expect(text).toContain('0.25 to 0.5 over the draws');
    const [from, to] = wilson(0.5, 100);
    expect(from).toBeCloseTo(0.404, 3);
    expect(to).toBeCloseTo(0.596, 3);
  });
});

describe('the tail of strangers', () => {
  it('counts pairs of two people only, and leaves out what too few pairs show', () => {
    const faces = people(10, 2).flatMap(({ name, views }) =>
      views.map((embedding) => ({ person: name, embedding })),
    );
    const tail = strangerTail(
      faces,
      faces.map(() => 0),
    );
    expect(tail.every(([rate, distance]) => rate * 180 >= 10 && distance > 0.9)).toBe(true);
    expect(tail.length).toBeGreaterThan(0);
  });
});

describe('a folder of pictures', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'regulars-people-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('has a folder for each person, directly or below `images`', async () => {
    mkdirSync(join(folder, 'images', 'Ann'), { recursive: true });
    writeFileSync(join(folder, 'images', 'Ann', '2.png'), '');
    writeFileSync(join(folder, 'images', 'Ann', '1.JPG'), '');
    writeFileSync(join(folder, 'images', 'Ann', 'notes.txt'), '');
    const { root, pictures } = await picturesOf(folder);
    expect(root).toBe(join(folder, 'images'));
    expect(pictures).toEqual([
      { path: 'Ann/1.JPG', person: 'Ann' },
      { path: 'Ann/2.png', person: 'Ann' },
    ]);
    expect((await picturesOf(root)).pictures).toHaveLength(2);
  });

  it('is refused when there is nobody in it, and arguments when they are no numbers', async () => {
    await expect(picturesOf(folder)).rejects.toThrow(/no folder with a person/);
    await expect(evaluateIdentification(['--images', folder])).rejects.toThrow(/usage/);
    const args = ['--images', folder, '--enrolled', '10', '--gallery-views', 'two', '--probe-views', '1'];
    await expect(evaluateIdentification(args)).rejects.toThrow(/--gallery-views is a whole number/);
  });
});
