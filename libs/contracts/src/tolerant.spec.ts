import { describe, expect, it } from 'vitest';
import { EVENTS } from './events/index.js';
import { tolerant } from './tolerant.js';

/** A copy of a value with a field that no schema knows in every object of it. */
function withStrangers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withStrangers);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, inner]) => [name, withStrangers(inner)]);
  return { ...Object.fromEntries(fields), fromTheFuture: { deep: [1] } };
}

describe('tolerant', () => {
  it.each(EVENTS.map((event) => [event.key, event] as const))(
    'reads %s of a newer sender as if the unknown fields were not there',
    (_key, event) => {
      const newer = withStrangers(event.example);
      expect(event.schema.safeParse(newer).success).toBe(false);
      expect(tolerant(event.schema).parse(newer)).toEqual(event.example);
    },
  );

  it.each(EVENTS.map((event) => [event.key, event] as const))(
    'still refuses a %s in which a field is missing',
    (_key, event) => {
      const broken = Object.fromEntries(Object.entries(event.example).slice(1));
      expect(tolerant(event.schema).safeParse(broken).success).toBe(false);
    },
  );
});
