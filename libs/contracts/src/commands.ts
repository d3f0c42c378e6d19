import { z } from 'zod';
import { defineCommand } from './command.js';
import { ExplainExpression, ListHeads, ServeHead, TrainHead } from './expression.js';
import { PseudonymChangeId, StrangerChanged, StrangerDetails } from './http/strangers.js';
import { ChangeRecogniser, CompareRecognisers, ListRecognisers } from './recognisers.js';
import {
  CustomerId,
  PseudonymId,
  SightingId,
  StoreId,
  TemplateId,
  TrialId,
  ViewQuality,
} from './primitives.js';

export * from './command.js';

/** What became of one photograph. */
export const PhotographResult = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('accepted'),
    index: z.int().min(0),
    templateId: TemplateId,
    quality: ViewQuality,
    /** Whether a person was photographed, or a screen or print of one: nothing here can tell (docs/models.md
     *  and ADR 13), so whoever enrols must have seen it. */
    presentation: z.literal('unchecked').optional(),
    /** Another customer for whom the face would be taken. */
    knownAs: CustomerId.optional(),
  }),
  z.strictObject({
    kind: z.literal('refused'),
    index: z.int().min(0),
    /** A code of errors.ts, with its meaning and remedy. */
    code: z.string(),
    message: z.string(),
    remedy: z.string(),
    fields: z.record(z.string(), z.unknown()),
  }),
]);
export type PhotographResult = z.infer<typeof PhotographResult>;

/** The body of the request is the photographs one after the other; `sizes` says where each ends. Photographs
 *  that are refused do not hinder the others; when all are refused nothing is stored. */
export const EnrolPhotographs = defineCommand({
  key: 'enrol.photographs',
  summary: 'Computes templates of a customer from photographs and adds them to the gallery.',
  request: z.strictObject({
    customerId: CustomerId,
    /** Bytes of each photograph, in order. */
    sizes: z.array(z.int().positive()).min(1).max(10),
    /** Nothing is stored: the photographs are judged beside what the same trial offered before, which is held in
     *  memory until the trial is left alone for half an hour. */
    trialId: TrialId.optional(),
    /** Photographs of somebody who is enrolled as another customer are refused with FACE_KNOWN. */
    refuseKnown: z.boolean().optional(),
  }),
  reply: z.strictObject({
    customerId: CustomerId,
    templates: z.int().min(0),
    photographs: z.array(PhotographResult),
  }),
  timeoutMs: 15_000,
});
export type EnrolPhotographsRequest = z.infer<typeof EnrolPhotographs.request>;
export type EnrolPhotographsReply = z.infer<typeof EnrolPhotographs.reply>;

/** What an operator says of strangers with pseudonyms. */
export const ChangePseudonym = defineCommand({
  key: 'pseudonym.change',
  summary: 'Merges, splits, promotes or erases a stranger with a pseudonym, or undoes such a change.',
  request: z.strictObject({
    change: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('merge'), from: PseudonymId, into: PseudonymId }),
      z.strictObject({
        kind: z.literal('split'),
        from: PseudonymId,
        sightingIds: z.array(SightingId).min(1).max(1_000),
      }),
      z.strictObject({ kind: z.literal('promote'), from: PseudonymId, into: CustomerId }),
      z.strictObject({ kind: z.literal('erase'), from: PseudonymId }),
      z.strictObject({ kind: z.literal('undo'), changeId: PseudonymChangeId }),
    ]),
  }),
  reply: StrangerChanged,
  timeoutMs: 15_000,
});
export type ChangePseudonymRequest = z.infer<typeof ChangePseudonym.request>;

export const CompareStranger = defineCommand({
  key: 'pseudonym.compare',
  summary: 'Says which other strangers of the store look most like one.',
  request: z.strictObject({ pseudonymId: PseudonymId, storeId: StoreId }),
  reply: z.strictObject({ alike: StrangerDetails.shape.alike }),
  timeoutMs: 5_000,
});
export type CompareStrangerRequest = z.infer<typeof CompareStranger.request>;

export const COMMANDS = [
  EnrolPhotographs,
  ChangePseudonym,
  CompareStranger,
  ListRecognisers,
  CompareRecognisers,
  ChangeRecogniser,
  ExplainExpression,
  ListHeads,
  TrainHead,
  ServeHead,
] as const;
