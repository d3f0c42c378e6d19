import { type CommandDefinition, isRegularsError, TransientError } from '@regulars/contracts';
import type { Broker } from '@regulars/messaging';
import type { z } from 'zod';

/** Asks the expression service.
 *  @throws TransientError EXPRESSION_UNAVAILABLE when it does not answer; whatever it answers with */
export async function askExpression<Request extends z.ZodObject, Reply extends z.ZodType>(
  broker: Pick<Broker, 'ask'>,
  command: CommandDefinition<Request, Reply>,
  request: z.infer<Request>,
  body?: Uint8Array,
): Promise<z.infer<Reply>> {
  try {
    return await broker.ask(command, request, body);
  } catch (error) {
    const isAway =
      isRegularsError(error) && (error.code === 'REPLY_TIMEOUT' || error.code === 'BROKER_UNAVAILABLE');
    throw isAway ? new TransientError('EXPRESSION_UNAVAILABLE', {}, { cause: error }) : error;
  }
}
