import { FacesTracked, FrameCaptured } from '@regulars/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { BOXES_WAIT_MS, type Picture, PictureJoin } from './picture-join.js';

const JPEG = new Uint8Array([0xff, 0xd8]);

function frame(number: number): FrameCaptured {
  const capturedAt = new Date(Date.UTC(2026, 2, 1) + number * 100).toISOString();
  return { ...FrameCaptured.example, frameId: `door-${number}`, sequence: number, capturedAt };
}

function boxes(number: number): FacesTracked {
  return { ...FacesTracked.example, frameId: `door-${number}` };
}

const shown = (pictures: readonly Picture[]) =>
  pictures.map(({ frame: { sequence }, faces }) => `${sequence}:${faces.length}`);

describe('joining pictures and boxes', () => {
  let join: PictureJoin;
  beforeEach(() => {
    join = new PictureJoin();
  });

  it('shows a frame with its boxes when the boxes come', () => {
    expect(shown(join.onFrame(frame(1), JPEG, 0))).toEqual([]);
    expect(shown(join.onFaces(boxes(1), 60))).toEqual(['1:1']);
  });

  it('joins boxes that come before their frame', () => {
    expect(shown(join.onFaces(boxes(1), 0))).toEqual([]);
    expect(shown(join.onFrame(frame(1), JPEG, 5))).toEqual(['1:1']);
  });

  it('shows a frame without boxes when none came in time', () => {
    join.onFrame(frame(1), JPEG, 0);
    expect(shown(join.onTick(BOXES_WAIT_MS - 1))).toEqual([]);
    expect(shown(join.onTick(BOXES_WAIT_MS))).toEqual(['1:0']);
    expect(shown(join.onTick(BOXES_WAIT_MS + 1))).toEqual([]);
  });

  it('leaves out frames that recognition leaves out while it is at work', () => {
    join.onFrame(frame(1), JPEG, 0);
    join.onFrame(frame(2), JPEG, 200);
    join.onFaces(boxes(1), 250);
    expect(shown(join.onTick(650))).toEqual([]);
  });

  it('never goes back in time', () => {
    join.onFrame(frame(1), JPEG, 0);
    join.onFrame(frame(2), JPEG, 10);
    expect(shown(join.onFaces(boxes(2), 20))).toEqual(['2:1']);
    expect(shown(join.onFaces(boxes(1), 300))).toEqual([]);
  });

  it('goes on when the clock of the camera is set back', () => {
    join.onFrame({ ...frame(1), capturedAt: '2026-03-02T00:00:00.000Z' }, JPEG, 0);
    join.onFaces(boxes(1), 10);
    join.onFrame(frame(2), JPEG, 200);
    expect(shown(join.onFaces(boxes(2), 210))).toEqual(['2:1']);
  });

  it('shows at most five a second of a faster camera, and all of one with five', () => {
    let pictures = 0;
    for (let number = 0; number < 300; number++) {
      join.onFrame(frame(number), JPEG, number * 33);
      pictures += join.onFaces(boxes(number), number * 33 + 5).length;
    }
    expect(pictures).toBeGreaterThanOrEqual(48);
    expect(pictures).toBeLessThanOrEqual(52);

    const steady = new PictureJoin();
    let all = 0;
    for (let number = 0; number < 50; number++) {
      const atMs = number * 200 + (number % 2) * 40;
      steady.onFrame(frame(number), JPEG, atMs);
      all += steady.onFaces(boxes(number), atMs + 30).length;
    }
    expect(all).toBeGreaterThanOrEqual(49);
  });

  it('keeps a picture moving when a fast camera gets no boxes at all', () => {
    let pictures = 0;
    for (let number = 0; number < 90; number++) {
      pictures += join.onFrame(frame(number), JPEG, number * 33).length + join.onTick(number * 33).length;
    }
    expect(pictures).toBeGreaterThanOrEqual(10);
    expect(pictures).toBeLessThanOrEqual(17);
  });
});
