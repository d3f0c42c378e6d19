import { describe, expect, it } from 'vitest';
import { Gallery } from '../gallery/gallery.js';
import { KnownFaces } from './known-faces.js';
import { Trials } from './trials.js';

const MINUTE_MS = 60_000;
const at = (degrees: number): Float32Array => {
  const radians = (degrees * Math.PI) / 180;
  return Float32Array.of(Math.cos(radians), Math.sin(radians));
};
const template = (customerId: string, degrees: number) => ({
  templateId: `tpl_${customerId}_${degrees}`,
  customerId,
  embedding: at(degrees),
});

describe('a trial', () => {
  it('remembers what it was offered, and is forgotten after half an hour alone', () => {
    const trials = new Trials(() => 0);
    trials.add(trials.galleryOf('trial-1', 0), 'ada', [template('ada', 0)]);
    trials.add(trials.galleryOf('trial-1', 20 * MINUTE_MS), 'ada', [template('ada', 20)]);
    expect(trials.galleryOf('trial-1', 45 * MINUTE_MS).templatesOf('ada')).toHaveLength(2);
    expect(trials.galleryOf('trial-2', 45 * MINUTE_MS).templates).toBe(0);
    expect(trials.galleryOf('trial-1', 76 * MINUTE_MS).templates).toBe(0);
  });

  it('gives way to the fifth, when it was left alone for longest', () => {
    const trials = new Trials(() => 0);
    for (const id of ['a', 'b', 'c', 'd'])
      trials.add(trials.galleryOf(`trial-${id}`, 0), 'ada', [template('ada', 0)]);
    trials.galleryOf('trial-a', 1);
    trials.galleryOf('trial-e', 2);
    expect(['a', 'b', 'c', 'd'].map((id) => trials.galleryOf(`trial-${id}`, 3).templates)).toEqual([
      1, 0, 0, 0,
    ]);
  });
});

describe('known faces', () => {
  const gallery = new Gallery();
  gallery.replace('ada', [template('ada', 0)]);
  gallery.replace('bob', [template('bob', 30)]);
  const rule = { rule: () => ({ threshold: 0.02 }) };

  it('are those for whom a face would be taken, but not the person it is said to be', () => {
    const known = new KnownFaces(gallery, rule);
    expect(known.otherThan('eve', at(5))).toBe('ada');
    expect(known.otherThan('ada', at(5))).toBeNull();
    expect(known.otherThan('eve', at(15))).toBeNull();
    expect(known.otherThan('ada', at(28))).toBe('bob');
  });

  it('are looked for in a trial as well, and the nearest counts', () => {
    const known = new KnownFaces(gallery, rule);
    const trial = new Gallery();
    trial.replace('cy', [template('cy', 6)]);
    expect(known.otherThan('eve', at(5), [trial])).toBe('cy');
    expect(known.otherThan('cy', at(5), [trial])).toBe('ada');
  });
});
