import { z } from 'zod';
import { Instant } from '../primitives.js';
import { defineEvent } from './event.js';

export const ForecastRequested = defineEvent({
  key: 'forecast.requested',
  summary: 'Somebody asks for the forecasts to be made now, or for a run to be given up.',
  worth: 'counts',
  publishedBy: ['gateway'],
  consumedBy: ['analytics'],
  happenedAt: 'requestedAt',
  schema: z.strictObject({ action: z.enum(['run', 'cancel']), requestedAt: Instant }),
  example: { action: 'run', requestedAt: '2026-03-01T09:00:00.000Z' },
});
export type ForecastRequested = z.infer<typeof ForecastRequested.schema>;
