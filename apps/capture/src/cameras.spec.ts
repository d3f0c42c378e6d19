import { NewCamera } from '@regulars/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSameCamera, planFleet } from './cameras.js';

const camera = (cameraId: string, revision = 1) => ({
  ...NewCamera.parse({ cameraId, name: cameraId, source: '0' }),
  revision,
});
const cameras = fc
  .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: 1, max: 3 })), {
    selector: ([cameraId]) => cameraId,
  })
  .map((list) => list.map(([cameraId, revision]) => camera(cameraId, revision)));

describe('planFleet', () => {
  it('names each camera once, and following it makes the running ones the wanted ones', () => {
    fc.assert(
      fc.property(cameras, cameras, (wanted, running) => {
        const { added, changed, kept, removed } = planFleet(wanted, running);
        expect([...added, ...changed, ...kept].map(({ cameraId }) => cameraId).sort()).toEqual(
          wanted.map(({ cameraId }) => cameraId).sort(),
        );
        const left = running.filter(({ cameraId }) => !removed.includes(cameraId));
        expect(left.map(({ cameraId }) => cameraId).sort()).toEqual(
          [...changed, ...kept].map(({ cameraId }) => cameraId).sort(),
        );
        expect(kept.every((one) => running.some((other) => other.revision === one.revision))).toBe(true);
      }),
    );
  });

  it('has nothing to do when nothing changed', () => {
    const all = [camera('a'), camera('b')];
    expect(planFleet(all, all)).toEqual({ added: [], changed: [], kept: all, removed: [] });
  });
});

describe('isSameCamera', () => {
  it('compares every field of the configuration and nothing else', () => {
    expect(isSameCamera(camera('a', 1), camera('a', 2))).toBe(true);
    expect(isSameCamera(camera('a'), { ...camera('a'), fps: 6 })).toBe(false);
    expect(isSameCamera(camera('a'), { ...camera('a'), source: '1' })).toBe(false);
  });
});
