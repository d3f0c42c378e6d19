import { z } from 'zod';

/** The form of every error answer. */
export const ErrorBody = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    remedy: z.string(),
    /** What it is about: for REQUEST_INVALID the wrong fields by path, each with its reason. */
    fields: z.record(z.string(), z.unknown()),
    requestId: z.string(),
  }),
});
export type ErrorBody = z.infer<typeof ErrorBody>;

/** A page of a list; ask for the next with `?cursor=`. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });
}
export interface PageView<Item> {
  items: Item[];
  nextCursor: string | null;
}
