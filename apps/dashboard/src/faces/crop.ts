import type { BoxPx } from '@regulars/contracts';

/** Sides of the crop, in tenths of the face's longer side: about twice, so that the face is found again and its
 *  landmarks fit; down to the least that still leaves room for chin and forehead. */
const SIDES_TENTHS = [20, 19, 18, 17, 16, 15] as const;
const LEAST_SIDE = 1.5;
/** Narrower faces are refused at enrolment (contracts: FACE_TOO_SMALL). */
export const LEAST_FACE_PX = 48;

export interface SizePx {
  readonly width: number;
  readonly height: number;
}

/** The square around a face to enrol, in whole pixels inside the frame: twice the box, or down to one and a
 *  half times where another person's face would come into it.
 *  @param others boxes of the other faces of the same frame */
export function cropAround(face: BoxPx, others: readonly BoxPx[], frame: SizePx): BoxPx {
  const squares = SIDES_TENTHS.map((tenths) => square(face, tenths / 10));
  const alone = squares.find((box) => !others.some((other) => overlaps(box, other)));
  return insideFrame(alone ?? square(face, LEAST_SIDE), frame);
}

export function isTooSmall(face: BoxPx): boolean {
  return face.width < LEAST_FACE_PX;
}

function square(face: BoxPx, scale: number): BoxPx {
  const side = Math.max(face.width, face.height) * scale;
  return {
    x: face.x + face.width / 2 - side / 2,
    y: face.y + face.height / 2 - side / 2,
    width: side,
    height: side,
  };
}

function overlaps(a: BoxPx, b: BoxPx): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function insideFrame(box: BoxPx, frame: SizePx): BoxPx {
  const left = Math.max(0, Math.floor(box.x));
  const top = Math.max(0, Math.floor(box.y));
  const right = Math.min(frame.width, Math.ceil(box.x + box.width));
  const bottom = Math.min(frame.height, Math.ceil(box.y + box.height));
  return { x: left, y: top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}

/** A box as per cent of its frame, cut off at the frame's edges, for placing it over a scaled picture. */
export function percentOf(
  box: BoxPx,
  frame: SizePx,
): { left: number; top: number; width: number; height: number } {
  const left = within(box.x, frame.width);
  const top = within(box.y, frame.height);
  return {
    left: (left / frame.width) * 100,
    top: (top / frame.height) * 100,
    width: ((within(box.x + box.width, frame.width) - left) / frame.width) * 100,
    height: ((within(box.y + box.height, frame.height) - top) / frame.height) * 100,
  };
}

function within(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}

export function scaleBox(box: BoxPx, scale: number): BoxPx {
  return { x: box.x * scale, y: box.y * scale, width: box.width * scale, height: box.height * scale };
}
