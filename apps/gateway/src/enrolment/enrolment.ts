import {
  type EnrolmentResult,
  EnrolPhotographs,
  type EnrolPhotographsReply,
  type EnrolPhotographsRequest,
  isRegularsError,
  TransientError,
} from '@regulars/contracts';
import type { Broker } from '@regulars/messaging';
import { type Batch, batchesOf, type BatchOutcome, joinOutcomes } from './batches.js';

type EnrolOptions = Pick<EnrolPhotographsRequest, 'trialId' | 'refuseKnown'>;

/** Asks recognition to enrol a customer.
 *  @param photographs as they were sent: JPEG, PNG or WebP, or whatever somebody took for that
 *  @throws TransientError RECOGNITION_UNAVAILABLE when it did not answer for any of them */
export async function enrolPhotographs(
  broker: Pick<Broker, 'ask'>,
  customerId: string,
  photographs: readonly Uint8Array[],
  options: EnrolOptions = {},
): Promise<EnrolmentResult> {
  const outcomes: BatchOutcome[] = [];
  let isAway = false;
  for (const batch of batchesOf(photographs)) {
    const reply: EnrolPhotographsReply | null = isAway
      ? null
      : await askFor(broker, { customerId, ...options }, batch);
    isAway = reply === null;
    outcomes.push({ batch, reply });
  }
  const result = joinOutcomes(customerId, outcomes);
  if (result === null) throw new TransientError('RECOGNITION_UNAVAILABLE');
  return result;
}

/** @returns null when recognition did not answer */
async function askFor(
  broker: Pick<Broker, 'ask'>,
  request: Omit<EnrolPhotographsRequest, 'sizes'>,
  { photographs }: Batch,
): Promise<EnrolPhotographsReply | null> {
  const sizes = photographs.map(({ byteLength }) => byteLength);
  try {
    return await broker.ask(EnrolPhotographs, { ...request, sizes }, Buffer.concat(photographs));
  } catch (error) {
    const isAway =
      isRegularsError(error) && (error.code === 'REPLY_TIMEOUT' || error.code === 'BROKER_UNAVAILABLE');
    if (isAway) return null;
    throw error;
  }
}
