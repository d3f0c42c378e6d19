import { z } from 'zod';

/** An instant, ISO 8601 in UTC with milliseconds, e.g. 2026-03-01T09:30:00.000Z. */
export const Instant = z.iso.datetime({ precision: 3 });
export type Instant = z.infer<typeof Instant>;

/** A calendar day in the shop's own time zone, e.g. 2026-03-01. */
export const CalendarDay = z.iso.date();
export type CalendarDay = z.infer<typeof CalendarDay>;

const identifier = (prefix: string, noun: string) =>
  z
    .string()
    .regex(
      new RegExp(`^${prefix}_[0-9a-z]{16,32}$`),
      `expected a ${noun} id such as ${prefix}_4f2k9s7d1m3q8w6e`,
    );

export const CustomerId = identifier('cus', 'customer');
export const SightingId = identifier('sgt', 'sighting');
export const VisitId = identifier('vis', 'visit');
export const TemplateId = identifier('tpl', 'template');
export const EventId = identifier('evt', 'event');
export const SaleId = identifier('sal', 'sale');
export const RefundId = identifier('ref', 'refund');
export const ImportId = identifier('imp', 'import');
export const AlertId = identifier('alt', 'alert');
export const CropId = identifier('crp', 'crop');
export const HeadId = identifier('hed', 'head');
export const PseudonymId = identifier('pse', 'pseudonym');
export const RecogniserChangeId = identifier('rch', 'recogniser change');

/** A sender's own name for a run of enrolments that stores nothing. */
export const TrialId = z.string().regex(/^[A-Za-z0-9-]{8,40}$/, {
  error: 'expected 8 to 40 letters, digits or hyphens',
});

/** Money in the currency's smallest unit (cents), whole and not negative; at most a million million, so that sums
 *  stay exact. */
export const AmountMinor = z.int().min(0).max(1e12);
/** ISO 4217, upper case. */
export const CurrencyCode = z.string().regex(/^[A-Z]{3}$/, { error: 'expected a currency code such as EUR' });

/** Chosen by the operator: lower-case letters, digits and hyphens, e.g. `entrance` or `till-2`. */
export const CameraId = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, {
  error: 'expected 1 to 40 lower-case letters, digits or inner hyphens',
});
/** One shop of the operator's, named like a camera. */
export const StoreId = CameraId;

/** A till of a store, named like a camera. */
export const TillId = CameraId;

/** An axis-aligned box in pixels of the frame it was found in; x and y may be negative at the frame's edge. */
export const BoxPx = z.strictObject({
  x: z.number(),
  y: z.number(),
  width: z.number().positive(),
  height: z.number().positive(),
});
export type BoxPx = z.infer<typeof BoxPx>;

/** What a camera may do with the people it sees. `count`: people are counted, no embedding is computed and
 *  nothing is stored about a face. `day`: nobody is looked up in the gallery; people are told apart by pseudonyms
 *  whose keys are destroyed at midnight. `members`: enrolled customers are recognised by their templates, nothing
 *  is stored of others. `returning`: as `members`, and strangers who come again are known by a pseudonym. */
export const CameraMode = z.enum(['count', 'day', 'members', 'returning']);
export type CameraMode = z.infer<typeof CameraMode>;

/** Who a sighting shows. A stranger is a decision ("nobody in the gallery"), `undecided` is the lack of one. */
export const Identity = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('identified'),
    customerId: CustomerId,
    /** Distance of the probe to the customer's nearest template, in the recogniser's own unit. */
    distance: z.number().min(0),
    /** Distance to the next-best customer less that to the best; null when only one is enrolled. */
    margin: z.number().nullable(),
    /** Views of the track that voted for this customer. */
    votes: z.int().min(1),
    /** Recogniser that computed the embeddings, as named in models/manifest.json. */
    model: z.string(),
  }),
  z.strictObject({
    kind: z.literal('stranger'),
    votes: z.int().min(1),
    model: z.string(),
    /** By which the stranger is known again, where the camera's mode allows it and enough was seen. */
    pseudonymId: PseudonymId.optional(),
  }),
  z.strictObject({ kind: z.literal('undecided') }),
]);
export type Identity = z.infer<typeof Identity>;

/** How well one view of a face can be judged. */
export const ViewQuality = z.strictObject({
  /** Width of the face's box in the frame, pixels. */
  faceWidthPx: z.number().positive(),
  /** Variance of the Laplacian of the 8-bit grey aligned crop at a standard size and contrast; below about 30 is
   *  blurred, above 100 sharp. */
  sharpness: z.number().min(0),
  /** Head turned left (negative) or right, degrees, estimated from landmarks. */
  yawDegrees: z.number(),
  /** Head down (negative) or up, degrees, estimated from landmarks. */
  pitchDegrees: z.number(),
  /** Mean grey level of the aligned crop, 0..255. */
  brightness: z.number().min(0).max(255),
});
export type ViewQuality = z.infer<typeof ViewQuality>;

/** Visitor of a visit: a known customer, a stranger known by a pseudonym, or one who exists only as one sighting. */
export const Visitor = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('customer'), customerId: CustomerId }),
  z.strictObject({ kind: z.literal('pseudonym'), pseudonymId: PseudonymId }),
  z.strictObject({ kind: z.literal('stranger'), sightingId: SightingId }),
]);
export type Visitor = z.infer<typeof Visitor>;

export const SatisfactionClass = z.enum(['satisfied', 'neutral', 'dissatisfied']);
export type SatisfactionClass = z.infer<typeof SatisfactionClass>;

/** Satisfaction between the two is neutral; what that costs on FER+ stands in docs/satisfaction.md. */
export const NEUTRAL_BAND = { dissatisfiedTo: 0.4, satisfiedFrom: 0.6 } as const;

/** Why an expression was not scored. */
export const AbstentionReason = z.enum([
  'too-small',
  'blurred',
  'profile',
  'covered',
  'too-dark',
  'disagreeing',
  'unsure',
]);
export type AbstentionReason = z.infer<typeof AbstentionReason>;

/** Satisfaction of a visit, from its scored crops. */
export const VisitSatisfaction = z.strictObject({
  /** Median of the crops' scores, 0 (dissatisfied) to 1 (satisfied); null when no crop could be scored. */
  score: z.number().min(0).max(1).nullable(),
  class: SatisfactionClass.nullable(),
  /** Half the interquartile range of the scores: how much the visitor's expression varied. */
  spread: z.number().min(0).max(1).nullable(),
  scoredCrops: z.int().min(0),
  abstentions: z.int().min(0),
});
export type VisitSatisfaction = z.infer<typeof VisitSatisfaction>;
