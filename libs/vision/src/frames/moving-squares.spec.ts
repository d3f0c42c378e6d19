import { describe, expect, it } from 'vitest';
import type { Motion } from './motion.js';
import { movingSquares } from './moving-squares.js';

const frame = { widthPx: 1280, heightPx: 720 };

/** @param areas left, top, width and height in cells */
function motionIn(...areas: readonly (readonly [number, number, number, number])[]): Motion {
  const cells = new Uint8Array(80 * 45);
  for (const [left, top, width, height] of areas)
    for (let y = top; y < top + height; y++) cells.fill(1, y * 80 + left, y * 80 + left + width);
  return { cells, background: { levels: new Float32Array(80 * 45), widthCells: 80, heightCells: 45 } };
}

describe('movingSquares', () => {
  it('are none where nothing moves, or next to nothing', () => {
    expect(movingSquares(motionIn(), [], frame)).toEqual([]);
    expect(movingSquares(motionIn([10, 10, 2, 1], [60, 30, 1, 2]), [], frame)).toEqual([]);
  });

  it('show the upper part of a walking person in a tile', () => {
    const [square, ...others] = movingSquares(motionIn([30, 8, 10, 36]), [], frame);
    expect(others).toEqual([]);
    expect(square).toEqual({ x: 360, y: 96, sizePx: 400 });
  });

  it('show what is wider than a tile at its whole width', () => {
    const [square] = movingSquares(motionIn([20, 10, 30, 20]), [], frame);
    expect(square).toEqual({ x: 288, y: 128, sizePx: 544 });
  });

  it('are the whole picture when nearly everything moves', () => {
    expect(movingSquares(motionIn([0, 0, 80, 45]), [], frame)).toEqual([{ x: 0, y: -280, sizePx: 1280 }]);
  });

  it('stay in the picture', () => {
    const squares = movingSquares(motionIn([0, 0, 3, 3], [76, 40, 4, 5]), [], frame);
    expect(squares).toEqual([
      { x: 880, y: 320, sizePx: 400 },
      { x: 0, y: 0, sizePx: 400 },
    ]);
  });

  it('join what lies a cell or two apart, and leave out what a tracked person explains', () => {
    expect(movingSquares(motionIn([30, 8, 4, 4], [36, 8, 4, 4]), [], frame)).toHaveLength(1);
    expect(movingSquares(motionIn([30, 8, 4, 4], [38, 8, 4, 4]), [], frame)).toHaveLength(2);
    const face = { x: 480, y: 128, width: 60, height: 60 };
    expect(movingSquares(motionIn([28, 8, 8, 20]), [face], frame)).toEqual([]);
  });
});
