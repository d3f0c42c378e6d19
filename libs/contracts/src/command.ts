import type { z } from 'zod';

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
