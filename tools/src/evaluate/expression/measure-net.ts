import type { ExpressionOutcome, ViewQuality } from '@regulars/contracts';
import type { ExpressionScores, RgbImage } from '@regulars/vision';
import { fitted } from '../../faces-data/fit.js';
import type { Face } from './faces.js';
import {
  accuracyOf,
  aucOf,
  calibrationErrorOf,
  macroF1Of,
  reportOf,
  type ClassReport,
  type TwoClassScore,
} from '../../faces-data/figures.js';
import { satisfactionOf, type OpenNet } from './net.js';
import { masked } from './variants.js';

/** Reads a face's probabilities as the expression service does. */
export type Judge = (
  scores: ExpressionScores,
  quality: ViewQuality,
  rule?: { readonly decisiveFrom: number; readonly unsureBelow: number },
) => ExpressionOutcome;

export interface VariantFigures {
  /** Faces that are satisfied or dissatisfied. */
  readonly n: number;
  /** One of the two forced on all of them, abstentions too. */
  readonly accuracy: number;
  readonly auc: number;
  readonly macroF1: number;
  readonly ece: number;
  readonly report: { readonly satisfied: ClassReport; readonly dissatisfied: ClassReport };
  /** Share of them on which the service abstains, and by which reason. */
  readonly abstained: number;
  readonly reasons: Readonly<Record<string, number>>;
  /** One of the two forced on those on which it does not abstain. */
  readonly acceptedAccuracy: number;
  /** Of those that it calls satisfied or dissatisfied. */
  readonly calledAccuracy: number;
  readonly called: number;
  /** Of neutral faces, abstentions counted among all. */
  readonly neutralReadAsDissatisfied: number;
  readonly neutralReadAsSatisfied: number;
  readonly neutrals: number;
}

export interface NetFigures {
  readonly name: string;
  readonly plain: VariantFigures;
  readonly masked: VariantFigures;
  readonly widths: readonly { readonly widthPx: number; readonly figures: VariantFigures }[];
}

/** How wide faces are made to see what that costs. */
export const WIDTHS_PX = [96, 64, 48, 32];
const BATCH = 8;

/** All figures of one net over the same faces.
 *  @param widthsPx how wide the faces are made besides */
export async function measureNet(
  net: OpenNet,
  faces: readonly Face[],
  judge: Judge,
  widthsPx: readonly number[],
): Promise<NetFigures> {
  const measure = (change: (picture: RgbImage) => RgbImage, widthPx?: number): Promise<VariantFigures> =>
    measureVariant(net, { faces, judge, change, widthPx });
  const widths = [];
  for (const widthPx of widthsPx) {
    widths.push({ widthPx, figures: await measure((picture) => fitted(picture, widthPx), widthPx) });
  }
  return {
    name: net.name,
    plain: await measure((picture) => picture),
    masked: await measure(masked),
    widths,
  };
}

interface Variant {
  readonly faces: readonly Face[];
  readonly judge: Judge;
  readonly change: (picture: RgbImage) => RgbImage;
  /** Every face is made this wide; null: as wide as it is. */
  readonly widthPx: number | undefined;
}

interface Read {
  readonly face: Face;
  readonly score: number;
  readonly outcome: ExpressionOutcome;
}

async function measureVariant(
  net: OpenNet,
  { faces, judge, change, widthPx }: Variant,
): Promise<VariantFigures> {
  const read: Read[] = [];
  for (let first = 0; first < faces.length; first += BATCH) {
    const batch = faces.slice(first, first + BATCH);
    const scores = await net.score(batch.map(({ picture }) => change(picture)));
    batch.forEach((face, index) => {
      const score = scores[index];
      if (score === undefined) return;
      const quality = { ...face.quality, ...(widthPx !== undefined && { faceWidthPx: widthPx }) };
      read.push({ face, score: satisfactionOf(score), outcome: judge(score, quality, net.calibration) });
    });
  }
  return summarise(read);
}

function summarise(read: readonly Read[]): VariantFigures {
  const two = read.filter(({ face }) => face.truth === 'satisfied' || face.truth === 'dissatisfied');
  const scored = (some: readonly Read[]): TwoClassScore[] =>
    some.map(({ face, score }) => ({ satisfied: face.truth === 'satisfied', score }));
  const accepted = two.filter(({ outcome }) => outcome.kind === 'scored');
  const called = accepted.filter(({ outcome }) => outcome.kind === 'scored' && outcome.class !== 'neutral');
  const neutral = read.filter(({ face }) => face.truth === 'neutral');
  const readAs = (name: string): number =>
    neutral.filter(({ outcome }) => outcome.kind === 'scored' && outcome.class === name).length /
    neutral.length;
  const reasons: Record<string, number> = {};
  for (const { outcome } of two) {
    if (outcome.kind === 'abstained') reasons[outcome.reason] = (reasons[outcome.reason] ?? 0) + 1;
  }
  const all = scored(two);
  return {
    n: two.length,
    accuracy: accuracyOf(all),
    auc: aucOf(all),
    macroF1: macroF1Of(all),
    ece: calibrationErrorOf(all),
    report: reportOf(all),
    abstained: 1 - accepted.length / two.length,
    reasons,
    acceptedAccuracy: accuracyOf(scored(accepted)),
    calledAccuracy: accuracyOf(scored(called)),
    called: called.length / two.length,
    neutralReadAsDissatisfied: readAs('dissatisfied'),
    neutralReadAsSatisfied: readAs('satisfied'),
    neutrals: neutral.length,
  };
}
