import { z } from 'zod';

/** A whole number within bounds. */
export function integer(min: number, max: number) {
  const error = `expected a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^-?\d{1,15}$/, { error })
    .transform(Number)
    .pipe(z.int({ error }).min(min, { error }).max(max, { error }));
}

/** An address that starts with one of the protocols. */
export function url(...protocols: readonly string[]) {
  return z.string().refine((value) => protocols.some((protocol) => value.startsWith(`${protocol}://`)), {
    error: `expected an address that starts with ${protocols.map((name) => `${name}://`).join(' or ')}`,
  });
}
