import type { BoxPx } from '@regulars/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseLooks } from './near-look.js';
import { coversFace, overlapArea, tileGrid } from './tiles.js';

const frame = { widthPx: 1280, heightPx: 720 };
const grid = tileGrid(frame.widthPx, frame.heightPx);
const face = (x: number, y: number, width = 60): BoxPx => ({ x, y, width, height: width });
const looks = (expected: readonly BoxPx[], found: readonly BoxPx[]) =>
  chooseLooks(expected, found, grid, frame);

describe('chooseLooks', () => {
  it('looks near at a face that was found where it was, in a square of three of its widths', () => {
    const box = face(600, 300);
    const { near, wide } = looks([box], [face(590, 304)]);
    expect(near).toEqual([{ box, tile: { x: 540, y: 240, sizePx: 180 } }]);
    expect(wide).toEqual([]);
  });

  it('looks around for a face that was not found in the frame before', () => {
    const box = face(600, 300);
    expect(looks([box], [])).toEqual({ near: [], wide: [box] });
    expect(looks([box], [face(700, 300)])).toEqual({ near: [], wide: [box] });
  });

  it('looks around for faces that come near one another', () => {
    const [one, other] = [face(600, 300), face(690, 300)];
    expect(looks([one, other], [one, other])).toEqual({ near: [], wide: [one, other] });
  });

  it('looks at three faces that one tile shows in that tile', () => {
    const three = [face(20, 20, 30), face(180, 20, 30), face(20, 180, 30)];
    expect(looks(three, three)).toEqual({ near: [], wide: three });
    const two = three.slice(0, 2);
    expect(looks(two, two).near).toHaveLength(2);
  });

  it('looks around for a face too large to gain by it', () => {
    const box = face(500, 200, 150);
    expect(looks([box], [box])).toEqual({ near: [], wide: [box] });
  });

  it('looks for every face once, near where its square shows it with room to move and nobody else', () => {
    const boxes = fc.array(
      fc
        .record({
          x: fc.integer({ min: -40, max: 1270 }),
          y: fc.integer({ min: -40, max: 710 }),
          width: fc.integer({ min: 16, max: 300 }),
        })
        .map(({ x, y, width }) => face(x, y, width)),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(boxes, (expected) => {
        const { near, wide } = looks(expected, expected);
        expect(new Set([...near.map(({ box }) => box), ...wide])).toEqual(new Set(expected));
        expect(near.length + wide.length).toBe(expected.length);
        for (const { tile, box } of near) {
          expect(coversFace(tile, box, frame)).toBe(true);
          const square = { x: tile.x, y: tile.y, width: tile.sizePx, height: tile.sizePx };
          for (const other of expected) if (other !== box) expect(overlapArea(square, other)).toBe(0);
        }
      }),
    );
  });
});
