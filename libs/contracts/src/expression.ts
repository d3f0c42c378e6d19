import { z } from 'zod';
import { defineCommand } from './command.js';
import { ExpressionOutcome } from './events/expression-scored.js';
import {
  BoxPx,
  CameraId,
  CropId,
  CustomerId,
  HeadId,
  Instant,
  SatisfactionClass,
  SightingId,
  StoreId,
  ViewQuality,
} from './primitives.js';

/** A score and what in the crop it rests on. */
export const ExplainedScore = z.strictObject({
  outcome: ExpressionOutcome,
  classes: z.array(z.strictObject({ name: z.string(), probability: z.number().min(0).max(1) })),
  /** How much p(satisfied) - p(dissatisfied) falls when a part is covered, from the top left, rows by columns. */
  map: z.strictObject({ rows: z.int(), columns: z.int(), values: z.array(z.number()) }),
});
export type ExplainedScore = z.infer<typeof ExplainedScore>;

export const ExpressionExplanationView = z.strictObject({
  model: z.string(),
  /** The upright crop that was scored, JPEG as base64; kept nowhere. */
  crop: z.base64(),
  quality: ViewQuality,
  plain: ExplainedScore,
  /** The same crop with the lower face covered. */
  covered: ExplainedScore,
});
export type ExpressionExplanationView = z.infer<typeof ExpressionExplanationView>;

/** The body of the request is the picture. */
export const ExplainExpression = defineCommand({
  key: 'expression.explain',
  summary: 'Says what in a face its score rests on. The picture is kept nowhere.',
  request: z.strictObject({
    /** Where the face is; the largest when null. */
    boxPx: BoxPx.nullable(),
  }),
  reply: ExpressionExplanationView,
  timeoutMs: 15_000,
});
export type ExplainExpressionRequest = z.infer<typeof ExplainExpression.request>;

/** A kept crop, without its picture. */
export const CropView = z.strictObject({
  cropId: CropId,
  customerId: CustomerId,
  sightingId: SightingId,
  cameraId: CameraId,
  storeId: StoreId,
  capturedAt: Instant,
  /** When it is gone: the end of the time that is set, or of the consent. */
  expiresAt: Instant,
  model: z.string(),
  outcome: ExpressionOutcome,
  /** What an operator says the face shows; null while nobody said. */
  correction: SatisfactionClass.nullable(),
});
export type CropView = z.infer<typeof CropView>;

export const CropQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});
export type CropQuery = z.infer<typeof CropQuery>;

export const CropCorrection = z.strictObject({
  /** Null takes a correction back. */
  class: SatisfactionClass.nullable(),
});
export type CropCorrection = z.infer<typeof CropCorrection>;

/** How a head did on corrections that it was not trained on. */
export const HeadComparison = z.strictObject({
  /** Held-out corrections. */
  examples: z.int().min(0),
  /** Of them read rightly. */
  rightBefore: z.int().min(0),
  rightAfter: z.int().min(0),
  /** Read rightly by the new head alone, and by the old one alone. */
  onlyAfter: z.int().min(0),
  onlyBefore: z.int().min(0),
  /** Chance of so many more, or more, if the two were equally good (one-sided sign test). */
  chance: z.number().min(0).max(1),
});
export type HeadComparison = z.infer<typeof HeadComparison>;

/** One version of the head. `shipped` is the one inside the model. */
export const HeadView = z.strictObject({
  headId: HeadId,
  model: z.string(),
  state: z.enum(['serving', 'retired', 'refused']),
  trainedAt: Instant,
  /** Corrections that it was trained on. */
  examples: z.int().min(0),
  comparison: HeadComparison,
});
export type HeadView = z.infer<typeof HeadView>;

export const HeadsView = z.strictObject({
  model: z.string(),
  /** Null: the head that was shipped with the model. */
  serving: HeadId.nullable(),
  /** Corrections that there are. */
  corrections: z.int().min(0),
  /** So many are needed before a head is trained. */
  correctionsNeeded: z.int().min(0),
  /** Why no head can be trained with this model; null when one can. */
  obstacle: z.string().nullable(),
  /** The newest first. */
  heads: z.array(HeadView),
});
export type HeadsView = z.infer<typeof HeadsView>;

export const TrainHead = defineCommand({
  key: 'expression.train',
  summary: 'Trains a head on the corrected crops; it serves only if it is better on those held out.',
  request: z.strictObject({}),
  reply: HeadsView,
  timeoutMs: 120_000,
});

export const ServeHead = defineCommand({
  key: 'expression.serve',
  summary: 'Lets an earlier head serve again, or the shipped one.',
  request: z.strictObject({ headId: HeadId.nullable() }),
  reply: HeadsView,
  timeoutMs: 15_000,
});
export type ServeHeadRequest = z.infer<typeof ServeHead.request>;

export const ListHeads = defineCommand({
  key: 'expression.heads',
  summary: 'The heads there are and the one that serves.',
  request: z.strictObject({}),
  reply: HeadsView,
  timeoutMs: 15_000,
});
