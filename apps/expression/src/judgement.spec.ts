import type { ExpressionOutcome, ViewQuality } from '@regulars/contracts';
import type { ExpressionScores } from '@regulars/vision';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BLURRED_BELOW,
  DARK_BELOW,
  judgeExpression as judge,
  disagreementOf,
  LARGEST_DISAGREEMENT,
  LARGEST_YAW_DEGREES,
  COVERED_FROM,
  SMALLEST_FACE_PX,
} from './judgement.js';
import { UNCALIBRATED_RULE } from './reading.js';

const { decisiveFrom: DECISIVE_FROM, unsureBelow: UNSURE_BELOW } = UNCALIBRATED_RULE;

const GOOD: ViewQuality = {
  faceWidthPx: 96,
  sharpness: 210,
  yawDegrees: -6,
  pitchDegrees: 3,
  brightness: 118,
};
const CLASSES = ['angry', 'disgusted', 'afraid', 'happy', 'sad', 'surprised', 'neutral'] as const;
type Class = (typeof CLASSES)[number];

function scores(of: Partial<Record<Class, number>>): ExpressionScores {
  return { classes: CLASSES, probabilities: Float32Array.from(CLASSES, (name) => of[name] ?? 0) };
}

const judgeExpression = (of: ExpressionScores, quality: ViewQuality): ExpressionOutcome =>
  judge(of, quality, UNCALIBRATED_RULE);

function reasonOf(outcome: ExpressionOutcome): string {
  return outcome.kind === 'abstained' ? outcome.reason : outcome.class;
}

const HAPPY = scores({ happy: 0.9, neutral: 0.1 });

describe('judgeExpression', () => {
  it('reads a smile as satisfied, with the probability of happy', () => {
    const smile = scores({ happy: 0.81, angry: 0.05, sad: 0.04, neutral: 0.1 });
    expect(judgeExpression(smile, GOOD)).toEqual({
      kind: 'scored',
      satisfaction: 0.9,
      class: 'satisfied',
      confidence: 0.81,
    });
  });

  it('adds anger, disgust and sadness up to dissatisfied', () => {
    const grim = scores({ angry: 0.4, disgusted: 0.1, sad: 0.25, happy: 0.05, neutral: 0.2 });
    expect(judgeExpression(grim, GOOD)).toEqual({
      kind: 'scored',
      satisfaction: 0.063,
      class: 'dissatisfied',
      confidence: 0.75,
    });
  });

  it('leaves fear and surprise out: they are neutral', () => {
    expect(reasonOf(judgeExpression(scores({ afraid: 0.9, sad: 0.1 }), GOOD))).toBe('neutral');
    expect(reasonOf(judgeExpression(scores({ surprised: 1 }), GOOD))).toBe('neutral');
  });

  it('is neutral where happy and the negative classes are unlikely together, whatever their ratio', () => {
    const hint = scores({ neutral: 1 - DECISIVE_FROM + 0.01, happy: DECISIVE_FROM - 0.01 });
    expect(judgeExpression(hint, GOOD)).toMatchObject({ class: 'neutral', satisfaction: 1 });
    const smile = scores({ neutral: 1 - DECISIVE_FROM - 0.01, happy: DECISIVE_FROM + 0.01 });
    expect(reasonOf(judgeExpression(smile, GOOD))).toBe('satisfied');
  });

  it('is neutral between the bounds of the band, and at neither of them', () => {
    expect(reasonOf(judgeExpression(scores({ happy: 0.55, sad: 0.45 }), GOOD))).toBe('neutral');
    expect(reasonOf(judgeExpression(scores({ happy: 0.6, sad: 0.4 }), GOOD))).toBe('satisfied');
    expect(reasonOf(judgeExpression(scores({ happy: 0.4, sad: 0.6 }), GOOD))).toBe('dissatisfied');
  });

  it('has 0.5 for a face without any decisive probability', () => {
    expect(judgeExpression(scores({ neutral: 1 }), GOOD)).toEqual({
      kind: 'scored',
      satisfaction: 0.5,
      class: 'neutral',
      confidence: 1,
    });
  });

  it.each([
    ['too-small', { faceWidthPx: SMALLEST_FACE_PX - 0.1 }, { faceWidthPx: SMALLEST_FACE_PX }],
    ['too-dark', { brightness: DARK_BELOW - 0.1 }, { brightness: DARK_BELOW }],
    ['blurred', { sharpness: BLURRED_BELOW - 0.1 }, { sharpness: BLURRED_BELOW }],
    ['profile', { yawDegrees: LARGEST_YAW_DEGREES + 0.1 }, { yawDegrees: LARGEST_YAW_DEGREES }],
    ['profile', { yawDegrees: -LARGEST_YAW_DEGREES - 0.1 }, { yawDegrees: -LARGEST_YAW_DEGREES }],
  ])('abstains as %s just beyond the bound and scores at it', (reason, beyond, at) => {
    expect(judgeExpression(HAPPY, { ...GOOD, ...beyond })).toEqual({ kind: 'abstained', reason });
    expect(reasonOf(judgeExpression(HAPPY, { ...GOOD, ...at }))).toBe('satisfied');
  });

  it('abstains as unsure when nothing is at least as likely as not', () => {
    const torn = scores({ happy: UNSURE_BELOW - 0.02, sad: UNSURE_BELOW - 0.02, neutral: 0.04 });
    expect(judgeExpression(torn, GOOD)).toEqual({ kind: 'abstained', reason: 'unsure' });
    const grim = scores({ angry: 0.2, disgusted: 0.2, sad: 0.3, surprised: 0.3 });
    expect(reasonOf(judgeExpression(grim, GOOD))).toBe('dissatisfied');
  });

  it('never becomes less satisfied when happy gains what a negative class loses', () => {
    const share = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(share, share, share, (a, b, neutral) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const at = (happy: number) =>
          judgeExpression(
            scores({ happy: happy / 250, sad: (100 - happy) / 250, neutral: 0.5 + neutral / 1_000 }),
            GOOD,
          );
        const [less, more] = [at(low), at(high)];
        if (less.kind !== 'scored' || more.kind !== 'scored') throw new Error('both have a likeliest class');
        expect(more.satisfaction).toBeGreaterThanOrEqual(less.satisfaction);
      }),
    );
  });

  it('says nothing of a face whose lower half is covered, however sure the net is', () => {
    expect(reasonOf(judgeExpression({ ...HAPPY, covered: COVERED_FROM }, GOOD))).toBe('covered');
    expect(reasonOf(judgeExpression({ ...HAPPY, covered: COVERED_FROM - 0.01 }, GOOD))).toBe('satisfied');
  });

  it('says nothing where the face and its mirror image are read differently', () => {
    const other = scores({ sad: 0.6, happy: 0.3, neutral: 0.1 }).probabilities;
    const torn = { ...HAPPY, mirrored: other };
    expect(disagreementOf(torn)).toBeCloseTo(1.2, 5);
    expect(disagreementOf(torn)).toBeGreaterThan(LARGEST_DISAGREEMENT);
    expect(reasonOf(judgeExpression(torn, GOOD))).toBe('disagreeing');
  });

  it('takes the mean of the face and its mirror image where they agree', () => {
    const mirrored = scores({ happy: 0.7, neutral: 0.3 }).probabilities;
    expect(judgeExpression({ ...HAPPY, mirrored }, GOOD)).toMatchObject({
      class: 'satisfied',
      confidence: 0.8,
    });
  });

  it('reads nets in the words of FER+ as well, by the rule that is theirs', () => {
    const classes = ['neutral', 'happiness', 'surprise', 'sadness', 'anger', 'disgust', 'fear', 'contempt'];
    const grim = { classes, probabilities: Float32Array.of(0.42, 0.02, 0, 0.2, 0.16, 0.1, 0, 0.1) };
    expect(reasonOf(judge(grim, GOOD, { decisiveFrom: 0.5, unsureBelow: 0.4 }))).toBe('dissatisfied');
    expect(reasonOf(judge(grim, GOOD, { decisiveFrom: 0.7, unsureBelow: 0.4 }))).toBe('neutral');
  });
});
