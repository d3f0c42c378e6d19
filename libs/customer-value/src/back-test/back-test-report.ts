import { z } from 'zod';

/** A metric with its 95 % interval; `low` and `high` are null where none was computed. */
export const Figure = z.strictObject({
  value: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
export type Figure = z.infer<typeof Figure>;

/** Metrics by name; one that cannot be computed is left out, and `missing` says why. */
export const BackTestReport = z.strictObject({
  champion: z.string(),
  models: z.record(z.string(), z.record(z.string(), Figure)),
  /** Oldest first; `origin` is the last day that was known, e.g. 2011-03-31. */
  origins: z.array(
    z.strictObject({
      origin: z.string(),
      models: z.record(z.string(), z.record(z.string(), z.number())),
    }),
  ),
  /** What a model gains by an input or a part, as differences of metrics (`with` less `without`). */
  gains: z.array(
    z.strictObject({ with: z.string(), without: z.string(), metrics: z.record(z.string(), Figure) }),
  ),
  missing: z.array(z.strictObject({ what: z.string(), why: z.string() })),
});
export type BackTestReport = z.infer<typeof BackTestReport>;
