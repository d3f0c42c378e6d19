import { z } from 'zod';
import { defineCommand } from './command.js';
import { CustomerId, Instant, RecogniserChangeId } from './primitives.js';

const ModelName = z.string().min(1).max(80);

/** A change of which recogniser serves, or stands beside it; kept for good. It names no customer. */
export const RecogniserChange = z.strictObject({
  changeId: RecogniserChangeId,
  kind: z.enum(['candidate', 'end', 'promote', 'roll-back']),
  at: Instant,
  /** The recogniser that served before. */
  from: ModelName,
  /** The recogniser that serves since, or that was put beside or taken away. */
  to: ModelName,
  /** Enrolled people whom the new one did not know. */
  uncovered: z.int().min(0),
});
export type RecogniserChange = z.infer<typeof RecogniserChange>;

/** `candidate`: may be promoted; `former`: served before, and may be put back at once. */
export const BesideRole = z.enum(['candidate', 'former']);
export type BesideRole = z.infer<typeof BesideRole>;

export const RecognisersView = z.strictObject({
  serving: z.strictObject({ model: ModelName, people: z.int().min(0), templates: z.int().min(0) }),
  /** What new photographs are embedded by as well. */
  beside: z
    .strictObject({
      model: ModelName,
      role: BesideRole,
      since: Instant,
      people: z.int().min(0),
      templates: z.int().min(0),
      /** Why it cannot be used now: the code and what it is about; null when it can. */
      problem: z.string().nullable(),
    })
    .nullable(),
  /** What was decided and could not be done yet: which recogniser should serve, and why it does not; null when all is
   *  as was decided. */
  pending: z.strictObject({ model: ModelName, problem: z.string() }).nullable(),
  /** Recognisers there are. */
  known: z.array(ModelName),
  /** Entries of the operator's own that cannot be used. */
  unusable: z.array(z.strictObject({ name: z.string().nullable(), problem: z.string() })),
  /** The newest first. */
  changes: z.array(RecogniserChange),
});
export type RecognisersView = z.infer<typeof RecognisersView>;

/** How the recogniser beside the serving one decides about the same photographs. */
export const RecogniserAgreement = z.strictObject({
  serving: ModelName,
  beside: ModelName,
  /** Scored distances within which either takes a face for somebody. */
  thresholds: z.strictObject({ serving: z.number(), beside: z.number() }),
  /** Enrolled people whom the serving one knows. */
  people: z.int().min(0),
  /** Of them, those whom the other does not know: they would not be recognised. At most 1,000 are listed. */
  uncovered: z.int().min(0),
  uncoveredCustomers: z.array(CustomerId),
  /** Photographs that both have, each searched for among all templates but its own. */
  compared: z.int().min(0),
  /** Both name the same customer, or neither names anybody. */
  same: z.int().min(0),
  /** The two name different customers. */
  other: z.int().min(0),
  /** Only the serving one names somebody. */
  none: z.int().min(0),
  /** Only the one beside names somebody. */
  gained: z.int().min(0),
  /** Photographs of a customer that either takes for another customer. */
  wrong: z.strictObject({ serving: z.int().min(0), beside: z.int().min(0) }),
  /** Whom the one beside would take for whom, nearest first; at most 100. */
  confused: z.array(z.strictObject({ customerId: CustomerId, takenFor: CustomerId, distance: z.number() })),
});
export type RecogniserAgreement = z.infer<typeof RecogniserAgreement>;

export const ListRecognisers = defineCommand({
  key: 'recogniser.list',
  summary: 'Which recogniser serves, which stands beside it, and what was changed.',
  request: z.strictObject({}),
  reply: RecognisersView,
  timeoutMs: 15_000,
});

export const CompareRecognisers = defineCommand({
  key: 'recogniser.compare',
  summary: 'Compares the recogniser beside the serving one with it, on the templates that both have.',
  request: z.strictObject({}),
  reply: RecogniserAgreement,
  timeoutMs: 60_000,
});

export const ChangeRecogniser = defineCommand({
  key: 'recogniser.change',
  summary:
    'Puts a recogniser beside the serving one, takes it away, promotes it, or puts the former one back.',
  request: z.strictObject({
    change: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('candidate'), model: ModelName }),
      z.strictObject({ kind: z.literal('end'), deleteTemplates: z.boolean() }),
      /** `without`: enrolled people who may be unknown to the new recogniser, by id. */
      z.strictObject({ kind: z.literal('promote'), without: z.array(CustomerId).max(10_000) }),
      z.strictObject({ kind: z.literal('roll-back') }),
    ]),
  }),
  reply: RecognisersView,
  timeoutMs: 60_000,
});
export type ChangeRecogniserRequest = z.infer<typeof ChangeRecogniser.request>;
