import { z } from 'zod';
import { Instant } from '../primitives.js';
import { defineEvent } from './event.js';

export const ForecastUpdated = defineEvent({
  key: 'forecast.updated',
  summary: 'The forecasts of all customers were made anew.',
  worth: 'counts',
  publishedBy: ['analytics'],
  consumedBy: ['gateway'],
  happenedAt: 'finishedAt',
  schema: z.strictObject({
    finishedAt: Instant,
    /** The model that serves, and why no better one does. */
    model: z.string(),
    note: z.string().nullable(),
    customers: z.int().min(0),
    /** Customers of whom it is likelier than not that they buy nothing. */
    atRisk: z.int().min(0),
    seconds: z.number().min(0),
  }),
  example: {
    finishedAt: '2026-03-01T03:02:10.000Z',
    model: 'bg-nbd',
    note: 'less than 15 months of history',
    customers: 1_204,
    atRisk: 311,
    seconds: 2.4,
  },
});
export type ForecastUpdated = z.infer<typeof ForecastUpdated.schema>;
