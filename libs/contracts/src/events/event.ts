import type { z } from 'zod';

export type ServiceName = 'capture' | 'recognition' | 'expression' | 'analytics' | 'gateway';
export const SERVICES = [
  'capture',
  'recognition',
  'expression',
  'analytics',
  'gateway',
] as const satisfies readonly ServiceName[];

/** What a message is worth. `counts`: every one must arrive; confirmed, kept while the broker is away, tried
 *  again, dead-lettered. `newest`: only the newest matters; dropped and counted when it cannot be delivered. */
export type Worth = 'counts' | 'newest';

export interface EventDefinition<Schema extends z.ZodObject = z.ZodObject> {
  /** Routing key, `noun.past-tense`. */
  readonly key: string;
  readonly summary: string;
  readonly worth: Worth;
  /** Type of the bytes that travel beside the payload, for events that carry some. */
  readonly body?: 'image/jpeg';
  readonly publishedBy: readonly ServiceName[];
  readonly consumedBy: readonly ServiceName[];
  readonly schema: Schema;
  readonly example: z.infer<Schema>;
  /** The payload's field that says when it happened. */
  readonly happenedAt: keyof z.infer<Schema> & string;
}

/** Declares an event; the schema is its only definition. */
export function defineEvent<Schema extends z.ZodObject>(
  definition: EventDefinition<Schema>,
): EventDefinition<Schema> {
  return definition;
}

export type PayloadOf<E extends EventDefinition> = z.infer<E['schema']>;
