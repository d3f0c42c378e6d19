import { describe, expect, it } from 'vitest';
import { compose, toAndFro } from './compose.js';
import type { Clip } from './clips.js';
import { fill, newPlanes, type Planes } from './planes.js';
import type { PlannedPass } from './schedule.js';

const SIZE = { widthPx: 320, heightPx: 180 };
const GREY = { y: 120, u: 128, v: 128 };

/** A clip of one picture: bright all over, the face in its middle. */
function brightClip(person: string): Clip {
  const planes = newPlanes(200, 200);
  fill(planes, { x: 0, y: 0, width: 200, height: 200 }, { y: 220, u: 100, v: 150 });
  const picture = {
    planes,
    faceBoxPx: { x: 80, y: 75, width: 40, height: 50 },
    anchor: { x: 100, y: 100, widthPx: 40 },
  };
  return { clip: 'bright', person, pictures: [picture], photographs: [], faceWidthPx: 40 };
}

/** Stands in one place for a second. */
function standing(pass: number, person: string, x: number, faceWidthPx: number): PlannedPass {
  const place = { x, y: 90, faceWidthPx };
  const way = [
    { atMs: 0, ...place },
    { atMs: 1_000, ...place },
  ];
  return { pass, person, cameraId: 'a', enters: 'left', clip: 0, way };
}

async function film(passes: readonly PlannedPass[], pillarX = 300) {
  const empty = newPlanes(SIZE.widthPx, SIZE.heightPx);
  fill(empty, { x: 0, y: 0, width: 320, height: 180 }, GREY);
  const scenery = { empty, pillar: { x: pillarX, y: 0, width: 10, height: 180 }, light: 1 };
  const clipsOf = new Map(['ann', 'bob'].map((person) => [person, [brightClip(person)]]));
  const shown: Planes[] = [];
  const add = async (planes: Planes) => void shown.push({ ...planes, data: planes.data.slice() });
  const frames = await compose({ scenery, passes, clipsOf, fps: 5, durationMs: 1_200 }, { add });
  return { frames, shown, at: (frame: number, x: number, y: number) => shown[frame]?.data[y * 320 + x] };
}

describe("a camera's film", () => {
  it('shows a person where the truth says, and the empty shop elsewhere and afterwards', async () => {
    const { frames, shown, at } = await film([standing(1, 'ann', 100, 20)]);
    expect(shown).toHaveLength(6);
    expect(frames.map(({ atMs }) => atMs)).toEqual([0, 200, 400, 600, 800, 1_000]);
    expect(frames[0]?.faces).toEqual([
      { person: 'ann', pass: 1, boxPx: { x: 90, y: 77.5, width: 20, height: 25 }, visible: 1 },
    ]);
    expect(at(0, 100, 90)).toBeGreaterThan(210);
    expect(at(0, 200, 90)).toBe(GREY.y);
  });

  it('has the nearer person hide the other', async () => {
    const apart = await film([standing(1, 'ann', 100, 20), standing(2, 'bob', 200, 24)]);
    expect(apart.frames[0]?.faces.map(({ visible }) => visible)).toEqual([1, 1]);
    const behind = await film([standing(1, 'ann', 100, 20), standing(2, 'bob', 118, 24)]);
    const [ann, bob] = ['ann', 'bob'].map((name) =>
      behind.frames[0]?.faces.find(({ person }) => person === name),
    );
    expect(bob?.visible).toBe(1);
    expect(ann?.visible ?? 0).toBeLessThan(0.3);
  });

  it('has a pillar and the edge of the picture hide people', async () => {
    const behind = await film([standing(1, 'ann', 100, 20)], 95);
    expect(behind.frames[0]?.faces[0]?.visible).toBe(0.5);
    const half = await film([standing(1, 'ann', 0, 20)]);
    expect(half.frames[0]?.faces[0]?.visible).toBe(0.5);
    const gone = await film([standing(1, 'ann', -60, 20)]);
    expect(gone.frames).toEqual([]);
  });

  it('plays a clip to and fro', () => {
    expect(Array.from({ length: 8 }, (_, i) => toAndFro(i, 4))).toEqual([0, 1, 2, 3, 2, 1, 0, 1]);
    expect(toAndFro(5, 1)).toBe(0);
  });
});
