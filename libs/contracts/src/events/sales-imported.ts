import { z } from 'zod';
import { ImportId, Instant, StoreId } from '../primitives.js';
import { defineEvent } from './event.js';

export const SalesImported = defineEvent({
  key: 'sales.imported',
  summary:
    'A file of history was stored as a whole. Its sales are told of by this event alone: count anew what lies in its time.',
  worth: 'counts',
  publishedBy: ['gateway'],
  consumedBy: ['analytics', 'gateway'],
  happenedAt: 'importedAt',
  schema: z.strictObject({
    importId: ImportId,
    storeId: StoreId,
    /** Sales and refunds that are stored by it. */
    rows: z.int().min(0),
    /** The first and the last of them. */
    from: Instant,
    to: Instant,
    importedAt: Instant,
  }),
  example: {
    importId: 'imp_9s7d1m3q8w6e0h5t4f2k',
    storeId: 'main',
    rows: 44_876,
    from: '2009-12-01T07:45:00.000Z',
    to: '2011-12-09T12:50:00.000Z',
    importedAt: '2026-03-01T09:31:12.000Z',
  },
});
export type SalesImported = z.infer<typeof SalesImported.schema>;
