import {
  type EnrolmentResult,
  ERRORS,
  type EnrolPhotographsReply,
  type PhotographResult,
} from '@regulars/contracts';

/** Bytes of photographs in one command: RabbitMQ 4 refuses messages above 16 MiB unless told otherwise. */
export const MAX_BATCH_BYTES = 15 * 1024 * 1024;

/** Photographs of one command. */
export interface Batch {
  /** Place of the first photograph in the request. */
  readonly start: number;
  readonly photographs: readonly Uint8Array[];
}

/** What became of a batch; null when recognition did not answer. */
export interface BatchOutcome {
  readonly batch: Batch;
  readonly reply: EnrolPhotographsReply | null;
}

/** As few batches as fit, in order. A photograph larger than a batch is one by itself. */
export function batchesOf(photographs: readonly Uint8Array[], maxBytes = MAX_BATCH_BYTES): Batch[] {
  const batches: { start: number; photographs: Uint8Array[] }[] = [];
  let room = 0;
  photographs.forEach((photograph, index) => {
    if (batches.length === 0 || photograph.byteLength > room) {
      batches.push({ start: index, photographs: [] });
      room = maxBytes;
    }
    batches.at(-1)?.photographs.push(photograph);
    room -= photograph.byteLength;
  });
  return batches;
}

/** One result for the whole request. Photographs that recognition did not answer for are refused as such.
 *  @returns null when it answered for none */
export function joinOutcomes(customerId: string, outcomes: readonly BatchOutcome[]): EnrolmentResult | null {
  const answered = outcomes.flatMap(({ reply }) => (reply === null ? [] : [reply]));
  const last = answered.at(-1);
  if (last === undefined) return null;
  const photographs = outcomes.flatMap(({ batch, reply }): PhotographResult[] => {
    if (reply === null) return batch.photographs.map((_, index) => unanswered(batch.start + index));
    return reply.photographs.map((result) => ({ ...result, index: batch.start + result.index }));
  });
  return { customerId, templates: last.templates, photographs };
}

function unanswered(index: number): PhotographResult {
  const { meaning, remedy } = ERRORS.RECOGNITION_UNAVAILABLE;
  return {
    kind: 'refused',
    index,
    code: 'RECOGNITION_UNAVAILABLE',
    message: meaning,
    remedy,
    fields: {},
  };
}
