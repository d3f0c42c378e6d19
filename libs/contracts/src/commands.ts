import { z } from 'zod';
import { CustomerId, TemplateId, ViewQuality } from './primitives.js';

/** A question that one service asks another over the broker and waits for; never kept or tried again. */
export interface CommandDefinition<
  Request extends z.ZodObject = z.ZodObject,
  Reply extends z.ZodType = z.ZodType,
> {
  readonly key: string;
  readonly summary: string;
  readonly request: Request;
  readonly reply: Reply;
  /** Longest wait for the answer, milliseconds. */
  readonly timeoutMs: number;
}

export function defineCommand<Request extends z.ZodObject, Reply extends z.ZodType>(
  definition: CommandDefinition<Request, Reply>,
): CommandDefinition<Request, Reply> {
  return definition;
}

/** What became of one photograph. */
export const PhotographResult = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('accepted'),
    index: z.int().min(0),
    templateId: TemplateId,
    quality: ViewQuality,
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

export const COMMANDS = [EnrolPhotographs] as const;
