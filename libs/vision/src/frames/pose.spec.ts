import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PointPx } from '../vision.js';
import { headPose } from './pose.js';

/** The points of a head that the pose is fitted to, seen from a distance: rotated, scaled and moved. */
const HEAD: readonly (readonly [landmark: number, x: number, y: number, away: number])[] = [
  [36, -44.5, 3, 20],
  [39, -16, 4, 12],
  [42, 16, 4, 12],
  [45, 44.5, 3, 20],
  [27, 0, 0, 0],
  [30, 0, 38, -22],
  [33, 0, 52, -6],
  [48, -26, 74, 8],
  [54, 26, 74, 8],
  [8, 0, 117, 10],
];

function seen(yawDegrees: number, pitchDegrees: number, scale = 1, at: PointPx = { x: 0, y: 0 }): PointPx[] {
  const [yaw, pitch] = [(yawDegrees * Math.PI) / 180, (pitchDegrees * Math.PI) / 180];
  const points: PointPx[] = Array.from({ length: 68 }, () => at);
  for (const [landmark, x, y, away] of HEAD) {
    const tilted = {
      y: y * Math.cos(pitch) + away * Math.sin(pitch),
      away: away * Math.cos(pitch) - y * Math.sin(pitch),
    };
    points[landmark] = {
      x: at.x + scale * (x * Math.cos(yaw) - tilted.away * Math.sin(yaw)),
      y: at.y + scale * tilted.y,
    };
  }
  return points;
}

const mirrored = (points: readonly PointPx[]): PointPx[] => {
  const copy = points.map(({ x, y }) => ({ x: -x, y }));
  for (const [a, b] of [
    [36, 45],
    [39, 42],
    [48, 54],
  ] as const) {
    [copy[a], copy[b]] = [copy[b] as PointPx, copy[a] as PointPx];
  }
  return copy;
};

describe('headPose', () => {
  it('is straight ahead for a symmetric face', () => {
    const { yawDegrees, pitchDegrees } = headPose(seen(0, 0));
    expect(yawDegrees).toBeCloseTo(0, 6);
    expect(pitchDegrees).toBeCloseTo(0, 6);
  });

  it('finds the angles that a head was turned by, wherever and however large it is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -60, max: 60 }),
        fc.integer({ min: -40, max: 40 }),
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        fc.record({ x: fc.integer({ min: 0, max: 1280 }), y: fc.integer({ min: 0, max: 720 }) }),
        (yaw, pitch, scale, at) => {
          const found = headPose(seen(yaw, pitch, scale, at));
          expect(found.yawDegrees).toBeCloseTo(yaw, 3);
          expect(found.pitchDegrees).toBeCloseTo(pitch, 3);
        },
      ),
    );
  });

  it('turns the other way in a mirror', () => {
    const turned = seen(25, 10);
    expect(headPose(mirrored(turned)).yawDegrees).toBeCloseTo(-25, 3);
    expect(headPose(mirrored(turned)).pitchDegrees).toBeCloseTo(10, 3);
  });

  it('looks to the picture side that the tip of the nose is moved to', () => {
    const points = seen(0, 0);
    points[30] = { x: 12, y: 38 };
    expect(headPose(points).yawDegrees).toBeGreaterThan(8);
  });
});
