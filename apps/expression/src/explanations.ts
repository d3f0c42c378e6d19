import type { ExplainedScore, ExpressionExplanationView, ViewQuality } from '@regulars/contracts';
import type { ExpressionScores, SaliencyMap, Vision } from '@regulars/vision';
import { judgeExpression } from './judgement.js';
import type { ReadingRule } from './reading.js';

const round = (value: number) => Math.round(value * 10_000) / 10_000;

function viewOf(
  { scores, map }: { readonly scores: ExpressionScores; readonly map: SaliencyMap },
  quality: ViewQuality,
  rule: ReadingRule,
): ExplainedScore {
  return {
    outcome: judgeExpression(scores, quality, rule),
    classes: scores.classes.map((name, i) => ({ name, probability: round(scores.probabilities[i] ?? 0) })),
    map: { rows: map.rows, columns: map.columns, values: [...map.values].map(round) },
  };
}

/** Why a face of a picture is scored as it is, for an operator. Nothing of it is kept.
 *  @throws RegularsError PICTURE_UNREADABLE, PICTURE_TOO_LARGE, FACE_NOT_FOUND */
export async function explain(
  model: {
    readonly name: string;
    readonly rule: ReadingRule;
    readonly vision: Pick<Vision, 'explainExpression'>;
  },
  picture: Uint8Array,
  boxPx: Parameters<Vision['explainExpression']>[1],
): Promise<ExpressionExplanationView> {
  const { jpeg, quality, plain, covered } = await model.vision.explainExpression(picture, boxPx);
  return {
    model: model.name,
    crop: Buffer.from(jpeg).toString('base64'),
    quality,
    plain: viewOf(plain, quality, model.rule),
    covered: viewOf(covered, quality, model.rule),
  };
}
