import fc from 'fast-check';
import { isRegularsError } from '@regulars/contracts';
import { describe, expect, it } from 'vitest';
import { agreeing, type EmbeddedFace, subjectOf } from './photographs.js';

function face(change: {
  widthPx?: number;
  score?: number;
  sharpness?: number;
  yawDegrees?: number;
  landmarkError?: number;
}): EmbeddedFace {
  const { widthPx = 120, score = 0.95, sharpness = 200, yawDegrees = 0, landmarkError = 0.03 } = change;
  return {
    boxPx: { x: 0, y: 0, width: widthPx, height: widthPx },
    score,
    keypoints: [],
    landmarks: [],
    landmarkError,
    quality: { faceWidthPx: widthPx, sharpness, yawDegrees, pitchDegrees: 0, brightness: 120 },
    embedding: new Float32Array(4),
  };
}

function refusalOf(...faces: readonly EmbeddedFace[]): string | null {
  try {
    subjectOf(faces);
    return null;
  } catch (error) {
    return isRegularsError(error) ? error.code : String(error);
  }
}

describe('subjectOf', () => {
  it('is the one face of a photograph', () => {
    const one = face({});
    expect(subjectOf([one])).toBe(one);
  });

  it('is the large face, where the others are less than half as wide', () => {
    const [main, passerBy] = [face({ widthPx: 200 }), face({ widthPx: 99 })];
    expect(subjectOf([passerBy, main])).toBe(main);
    expect(refusalOf(main, face({ widthPx: 101 }))).toBe('FACE_NOT_SINGLE');
  });

  it.each([
    ['nothing', [], 'FACE_NOT_FOUND'],
    ['a face printed on a shirt', [face({ score: 0.5 })], 'FACE_NOT_FOUND'],
    ['a face of 47 px', [face({ widthPx: 47 })], 'FACE_TOO_SMALL'],
    ['a blurred face', [face({ sharpness: 44 })], 'FACE_BLURRED'],
    ['a face turned to the left', [face({ yawDegrees: -46 })], 'FACE_TURNED'],
    ['a profile', [face({ landmarkError: 0.3 })], 'FACE_TURNED'],
  ] as const)('refuses %s', (_what, faces, code) => {
    expect(refusalOf(...faces)).toBe(code);
  });

  it('takes what is just good enough', () => {
    expect(refusalOf(face({ widthPx: 48, sharpness: 45, yawDegrees: 45 }))).toBeNull();
  });

  it('does not mistake a shirt beside a face for a second person', () => {
    expect(refusalOf(face({ widthPx: 70 }), face({ widthPx: 160, score: 0.5 }))).toBeNull();
  });
});

const at = (degrees: number) => {
  const radians = (degrees * Math.PI) / 180;
  return Float32Array.of(Math.cos(radians), Math.sin(radians));
};
const distance = (a: Float32Array, b: Float32Array) =>
  1 - (a[0] as number) * (b[0] as number) - (a[1] as number) * (b[1] as number);
const DIFFERENT = 0.05;

describe('agreeing', () => {
  const agree = (photographs: readonly number[], enrolled: readonly number[] = []) =>
    agreeing(photographs.map(at), enrolled.map(at), distance, DIFFERENT);

  it('takes a single photograph of somebody new', () => {
    expect(agree([10])).toEqual([true]);
  });

  it('takes photographs that agree, and refuses the odd one out', () => {
    expect(agree([0, 5, 10])).toEqual([true, true, true]);
    expect(agree([0, 90, 5])).toEqual([true, false, true]);
  });

  it('refuses both of two that differ: nobody can say who is meant', () => {
    expect(agree([0, 90])).toEqual([false, false]);
    expect(agree([0, 5, 90, 95])).toEqual([false, false, false, false]);
  });

  it('goes by what is enrolled already, however many say otherwise', () => {
    expect(agree([90, 92, 3], [0])).toEqual([false, false, true]);
  });

  it('accepts the same photographs in any order', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 179 }), { minLength: 1, maxLength: 3 }),
        (angles) => {
          const forward = agree(angles);
          const backward = [...agree([...angles].reverse())].reverse();
          if (angles.length === 2) expect(backward).toEqual(forward);
          expect(backward.some(Boolean)).toBe(forward.some(Boolean));
        },
      ),
    );
  });
});
