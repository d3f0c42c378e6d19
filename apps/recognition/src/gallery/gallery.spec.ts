import { meanDirection, ONE_OF_SEVERAL } from '@regulars/vision';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Gallery, type GalleryTemplate } from './gallery.js';

const unit = (values: readonly number[]): Float32Array => {
  const length = Math.hypot(...values) || 1;
  return Float32Array.from(values, (value) => value / length);
};
const vectors = fc
  .array(fc.integer({ min: -50, max: 50 }), { minLength: 7, maxLength: 7 })
  .filter((v) => v.some((x) => x !== 0))
  .map(unit);
const changes = fc.array(
  fc.record({
    who: fc.constantFrom('ada', 'bob', 'eve', 'kim'),
    vectors: fc.array(vectors, { maxLength: 4 }),
  }),
  { maxLength: 12 },
);

const templates = (who: string, embeddings: readonly Float32Array[], run = 0): GalleryTemplate[] =>
  embeddings.map((embedding, i) => ({ templateId: `tpl_${who}_${run}_${i}`, customerId: who, embedding }));

function plainSearch(all: ReadonlyMap<string, readonly Float32Array[]>, probe: Float32Array) {
  const ranked = [...all]
    .filter(([, own]) => own.length > 0)
    .map(([customerId, own]) => {
      const dot = (one: Float32Array) => one.reduce((sum, value, i) => sum + value * (probe[i] as number), 0);
      const nearest = Math.max(...own.map(dot));
      const similarity =
        own.length > 1 ? Math.max(nearest - ONE_OF_SEVERAL, dot(meanDirection(own))) : nearest;
      return { customerId, distance: Math.max(0, 1 - similarity) };
    })
    .sort((a, b) => a.distance - b.distance);
  return [ranked[0] ?? null, ranked[1] ?? null] as const;
}

describe('Gallery', () => {
  it('finds the nearest two people as comparing everything one by one does, after any changes', () => {
    fc.assert(
      fc.property(changes, vectors, (steps, probe) => {
        const gallery = new Gallery();
        const all = new Map<string, readonly Float32Array[]>();
        steps.forEach(({ who, vectors: own }, run) => {
          gallery.replace(who, templates(who, own, run));
          all.set(who, own);
        });
        const [best, second] = plainSearch(all, probe);
        const found = gallery.search(probe);
        expect(found.best === null).toBe(best === null);
        expect(found.runnerUp === null).toBe(second === null);
        if (best) expect(found.best?.distance).toBeCloseTo(best.distance, 5);
        if (second) expect(found.runnerUp?.distance).toBeCloseTo(second.distance, 5);
        expect(gallery.templates).toBe([...all.values()].reduce((sum, own) => sum + own.length, 0));
        expect(gallery.customers).toBe([...all.values()].filter((own) => own.length > 0).length);
      }),
      { numRuns: 200 },
    );
  });

  it('takes a person of several templates for nearly as near as the nearest of them', () => {
    const gallery = new Gallery();
    gallery.replace('ada', templates('ada', [unit([1, 0, 0]), unit([0, 1, 0])]));
    gallery.replace('bob', templates('bob', [unit([1, 1, 0])]));
    expect(gallery.search(unit([0, 1, 0]))).toMatchObject({
      best: { customerId: 'ada', distance: expect.closeTo(ONE_OF_SEVERAL, 6) as number },
      runnerUp: { customerId: 'bob' },
    });
    gallery.replace('ada', templates('ada', [unit([0, 1, 0])], 1));
    expect(gallery.search(unit([0, 1, 0])).best?.distance).toBe(0);
  });

  it('takes a person of several templates for as near as their mean', () => {
    const gallery = new Gallery();
    gallery.replace('ada', templates('ada', [unit([1, 0, 0]), unit([0, 1, 0])]));
    expect(gallery.search(unit([1, 1, 0])).best?.distance).toBeCloseTo(0, 6);
    expect(gallery.templates).toBe(2);
  });

  it('takes who comes near to everybody for further away than the cosine says', () => {
    const crowded = unit([1, 0, 0]);
    const gallery = new Gallery((embedding) => ((embedding[0] ?? 0) > 0.99 ? 0.3 : 0));
    gallery.replace('ada', templates('ada', [crowded]));
    gallery.replace('bob', templates('bob', [unit([1, 1.2, 0])]));
    const probe = unit([1, 0.5, 0]);
    expect(gallery.search(probe).best?.customerId).toBe('bob');
    expect(new Gallery().search(probe).best).toBeNull();
    expect(gallery.search(crowded).best).toMatchObject({
      customerId: 'ada',
      distance: expect.closeTo(0.3, 5) as number,
    });
    gallery.replace('ada', []);
    expect(gallery.search(probe).best?.customerId).toBe('bob');
  });

  it('measures how near its own people come to each other, never a person to oneself', () => {
    const gallery = new Gallery();
    for (let person = 0; person < 30; person += 1) {
      const angle = (person / 30) * Math.PI;
      const own = [0, 0.001].map((turn) => unit([Math.cos(angle + turn), Math.sin(angle + turn)]));
      gallery.replace(`p${person}`, templates(`p${person}`, own));
    }
    const own = gallery.ownImpostors();
    expect(own?.probes).toBe(60);
    expect(own?.rate).toBeCloseTo(30 / (60 * 29));
    expect(own?.distance).toBeGreaterThan(1 - Math.cos(Math.PI / 30) - 0.001);
    expect(new Gallery().ownImpostors()).toBeNull();
  });

  it('has nobody when it is empty, and no runner-up when one is enrolled', () => {
    const gallery = new Gallery();
    expect(gallery.search(unit([1, 0]))).toEqual({ best: null, runnerUp: null });
    gallery.replace('ada', templates('ada', [unit([1, 0])]));
    expect(gallery.search(unit([1, 0])).runnerUp).toBeNull();
  });

  it('says whether it changed', () => {
    const gallery = new Gallery();
    const own = templates('ada', [unit([1, 0])]);
    expect(gallery.replace('ada', own)).toBe(true);
    expect(gallery.replace('ada', own)).toBe(false);
    expect(gallery.revision).toBe(1);
    expect(gallery.replaceAll([])).toBe(true);
    expect(gallery.templates).toBe(0);
  });

  it('tells apart whom the coarse comparison cannot, and stays exact as it grows and shrinks', () => {
    const gallery = new Gallery();
    const turned = (angle: number) => unit([Math.cos(angle), Math.sin(angle), 0.3]);
    const people = Array.from({ length: 300 }, (_, i) => ({ who: `p${i}`, own: turned(i * 0.002) }));
    for (const { who, own } of people) gallery.replace(who, templates(who, [own]));
    for (const { who } of people.slice(0, 100)) gallery.replace(who, []);
    expect(gallery.customers).toBe(200);
    for (const { who, own } of people.slice(100)) expect(gallery.search(own).best?.customerId).toBe(who);
    const { best } = gallery.search(people[0]?.own ?? unit([1, 0, 0]));
    expect(best?.customerId).toBe('p100');
  });

  it('takes embeddings of another length once it is empty', () => {
    const gallery = new Gallery();
    gallery.replace('ada', templates('ada', [unit([1, 2, 3, 4, 5])]));
    gallery.replace('ada', []);
    const own = unit(Array.from({ length: 512 }, (_, i) => Math.sin(i)));
    gallery.replace('bob', templates('bob', [own]));
    expect(gallery.search(own).best).toMatchObject({
      customerId: 'bob',
      distance: expect.closeTo(0, 6) as number,
    });
  });

  it('refuses an embedding of another length', () => {
    const gallery = new Gallery();
    gallery.replace('ada', templates('ada', [unit([1, 0])]));
    expect(() => gallery.replace('bob', templates('bob', [unit([1, 0, 0])]))).toThrow(RangeError);
  });
});

describe('the distance of two faces', () => {
  const [one, other] = [unit([1, 0, 0]), unit([1, 1, 0])];
  it('is that of a search', () => {
    const gallery = new Gallery(() => 0.01);
    gallery.replace('ada', templates('ada', [one]));
    expect(gallery.distance(one, other)).toBeCloseTo(gallery.search(other).best?.distance ?? NaN, 6);
    expect(gallery.emptied().distance(one, other)).toBe(gallery.distance(one, other));
    expect(gallery.emptied().customers).toBe(0);
  });

  it('of a recogniser whose strangers are further apart is taken to the same scale', () => {
    const [near, far] = [new Gallery(() => 0, 0.0733), new Gallery(() => 0, 0.733)];
    expect(far.distance(one, other)).toBeCloseTo(near.distance(one, other) / 10, 6);
  });
});
