import { describe, expect, it } from 'vitest';
import type { DetectedFace } from '../vision.js';
import { mergeTileFaces } from './tile-faces.js';

const face = (x: number, y: number, side: number, score = 0.9): DetectedFace => ({
  boxPx: { x, y, width: side, height: side },
  score,
  keypoints: [{ x: x + side / 3, y: y + side / 3 }],
});

describe('mergeTileFaces', () => {
  it('gives faces in pixels of the picture', () => {
    const tile = { x: 320, y: 100, sizePx: 400 };
    const [found] = mergeTileFaces([{ tile, sidePx: 200, faces: [face(50, 60, 30)] }], 1280, 720);
    expect(found?.boxPx).toEqual({ x: 420, y: 220, width: 60, height: 60 });
    expect(found?.keypoints).toEqual([{ x: 440, y: 240 }]);
  });

  it('counts a face that two tiles see once, and takes the one that no border cuts', () => {
    const left = { tile: { x: 0, y: 0, sizePx: 400 }, sidePx: 400, faces: [face(345, 100, 54, 0.95)] };
    const right = { tile: { x: 320, y: 0, sizePx: 400 }, sidePx: 400, faces: [face(24, 96, 70, 0.8)] };
    const merged = mergeTileFaces([left, right], 1280, 720);
    expect(merged).toHaveLength(1);
    expect(merged[0]?.boxPx).toEqual({ x: 344, y: 96, width: 70, height: 70 });
  });

  it('keeps a face at the edge of the picture itself', () => {
    const tile = { x: 0, y: 0, sizePx: 400 };
    const merged = mergeTileFaces(
      [{ tile, sidePx: 400, faces: [face(0, 100, 60), face(200, 100, 60)] }],
      1280,
      720,
    );
    expect(merged).toHaveLength(2);
  });

  it('keeps two faces that stand side by side, best first', () => {
    const tile = { x: 0, y: 0, sizePx: 400 };
    const faces = [face(100, 100, 60, 0.7), face(150, 100, 60, 0.9)];
    expect(mergeTileFaces([{ tile, sidePx: 400, faces }], 1280, 720).map((f) => f.score)).toEqual([0.9, 0.7]);
  });

  it('does not depend on the order of the tiles', () => {
    const tiles = [
      { tile: { x: 0, y: 0, sizePx: 400 }, sidePx: 256, faces: [face(200, 60, 40, 0.8)] },
      { tile: { x: 280, y: 0, sizePx: 400 }, sidePx: 256, faces: [face(21, 60, 40, 0.9), face(180, 20, 30)] },
    ];
    expect(mergeTileFaces(tiles, 1280, 720)).toEqual(mergeTileFaces([...tiles].reverse(), 1280, 720));
  });

  it('leaves out what lies outside of the picture', () => {
    const tile = { x: -40, y: -80, sizePx: 400 };
    expect(mergeTileFaces([{ tile, sidePx: 400, faces: [face(100, 10, 40)] }], 320, 240)).toEqual([]);
  });
});
