import { z } from 'zod';
import { AlertKind } from './events/alert-raised.js';
import { CameraFault, CameraState } from './events/camera-status.js';
import { ExpressionOutcome } from './events/expression-scored.js';
import { ImportState } from './http/imports.js';
import { LoyaltyRuleId } from './http/value.js';
import {
  AmountMinor,
  BoxPx,
  CameraId,
  CurrencyCode,
  CustomerId,
  Identity,
  ImportId,
  Instant,
  PseudonymId,
  RefundId,
  SaleId,
  SightingId,
  StoreId,
  TillId,
  VisitId,
  VisitSatisfaction,
} from './primitives.js';
import { ForecastView, SegmentName, ValueSummary } from './value.js';

/** Who, as an authorised page may show it: live events carry the name, broker events never do. */
export const LiveVisitor = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('customer'), customerId: CustomerId, displayName: z.string() }),
  /** With the pseudonym where the stranger has one. */
  z.strictObject({ kind: z.literal('stranger'), pseudonymId: PseudonymId.optional() }),
  z.strictObject({ kind: z.literal('undecided') }),
]);
export type LiveVisitor = z.infer<typeof LiveVisitor>;

const sighting = { sightingId: SightingId, cameraId: CameraId, who: LiveVisitor };
const visit = { visitId: VisitId, who: LiveVisitor, startedAt: Instant };

/** What happened, for a person to read. */
export const LivePayload = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('camera'),
    cameraId: CameraId,
    state: CameraState,
    fault: CameraFault.nullable(),
    since: Instant,
  }),
  z.strictObject({ kind: z.literal('sighting-started'), ...sighting }),
  z.strictObject({ kind: z.literal('sighting-identified'), ...sighting, identity: Identity }),
  z.strictObject({ kind: z.literal('sighting-ended'), ...sighting, startedAt: Instant }),
  z.strictObject({ kind: z.literal('expression'), ...sighting, outcome: ExpressionOutcome }),
  z.strictObject({ kind: z.literal('visit-started'), ...visit, cameraId: CameraId }),
  z.strictObject({
    kind: z.literal('visit-ended'),
    ...visit,
    endedAt: Instant,
    satisfaction: VisitSatisfaction,
  }),
  z.strictObject({ kind: z.literal('visit-merged'), visitId: VisitId, absorbedVisitId: VisitId }),
  z.strictObject({
    kind: z.literal('value'),
    customerId: CustomerId,
    who: LiveVisitor,
    saleId: SaleId.nullable(),
    isJoined: z.boolean(),
    value: ValueSummary.nullable(),
    forecast: ForecastView.nullable(),
  }),
  z.strictObject({
    kind: z.literal('segment'),
    customerId: CustomerId,
    who: LiveVisitor,
    from: SegmentName.nullable(),
    to: SegmentName,
  }),
  z.strictObject({
    kind: z.literal('loyalty'),
    customerId: CustomerId,
    who: LiveVisitor,
    ruleId: LoyaltyRuleId,
  }),
  z.strictObject({
    kind: z.literal('alert'),
    ...sighting,
    alert: AlertKind,
    tillId: TillId,
    since: Instant,
  }),
  z.strictObject({
    kind: z.literal('forecasts'),
    model: z.string(),
    note: z.string().nullable(),
    customers: z.int().min(0),
    atRisk: z.int().min(0),
  }),
  z.strictObject({
    kind: z.literal('customer'),
    customerId: CustomerId,
    change: z.enum(['created', 'renamed', 'erased', 'enrolled', 'unenrolled']),
  }),
  z.strictObject({
    kind: z.literal('sale'),
    saleId: SaleId,
    tillId: TillId.nullable(),
    /** Undecided when no card or number named the customer. */
    who: LiveVisitor,
    amountMinor: AmountMinor,
    currency: CurrencyCode,
    items: z.int().min(0).nullable(),
  }),
  z.strictObject({
    kind: z.literal('refund'),
    refundId: RefundId,
    saleId: SaleId.nullable(),
    tillId: TillId.nullable(),
    who: LiveVisitor,
    amountMinor: AmountMinor,
    currency: CurrencyCode,
    isVoid: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('import'),
    importId: ImportId,
    state: ImportState,
    sales: z.int().min(0),
    stored: z.int().min(0),
  }),
  z.strictObject({
    kind: z.literal('cameras'),
    cameraId: CameraId,
    change: z.enum(['added', 'changed', 'removed']),
  }),
]);
export type LivePayload = z.infer<typeof LivePayload>;

/** Socket.IO message `event`. `sequence` rises by one within an `epoch`; a page that reconnects sends both in
 *  its handshake (`auth.since`) and gets what it missed, or `reset` with the position to go on from when that is
 *  no longer kept. Numbers run over all stores: a page that sees one store sees gaps. */
export const LiveEvent = z.strictObject({
  epoch: z.string(),
  sequence: z.int().min(1),
  storeId: StoreId.nullable(),
  at: Instant,
  payload: LivePayload,
});
export type LiveEvent = z.infer<typeof LiveEvent>;

/** Socket.IO message `picture`: the newest picture of a watched camera with the boxes found in that very
 *  picture. The JPEG follows as the message's second argument. Sent volatile: a slow page misses pictures. */
export const LivePicture = z.strictObject({
  cameraId: CameraId,
  storeId: StoreId,
  frameId: z.string(),
  capturedAt: Instant,
  widthPx: z.int(),
  heightPx: z.int(),
  faces: z.array(z.strictObject({ sightingId: SightingId, boxPx: BoxPx, who: LiveVisitor })),
});
export type LivePicture = z.infer<typeof LivePicture>;

/** Handshake of a page (`io(url, { auth })`). */
export const LiveHandshake = z.strictObject({
  token: z.string().min(1),
  storeId: StoreId.default('main'),
  since: z.strictObject({ epoch: z.string(), sequence: z.int().min(0) }).optional(),
});
export type LiveHandshake = z.infer<typeof LiveHandshake>;

/** Socket.IO message `watch`: the cameras whose pictures the page shows from now on; none ends it. */
export const LiveWatch = z.array(CameraId).max(16);
export type LiveWatch = z.infer<typeof LiveWatch>;

/** Names of the Socket.IO messages. Page to server: `watch` with a list of camera ids replaces what the page
 *  watches. Server to page: `event`, `picture`, `reset`. */
export const LIVE_MESSAGES = { event: 'event', picture: 'picture', reset: 'reset', watch: 'watch' } as const;
