import { z } from 'zod';
import { integer, url } from './variable-parsers.js';
import type { VariableDefinition } from './variables.js';

/** Variables of notices to staff. */
export const alertVariables = {
  ALERT_DISSATISFIED_S: {
    schema: integer(2, 600),
    default: '10',
    unit: 's',
    description: 'Who has looked dissatisfied at a till for so long is told to staff.',
    services: ['analytics'],
  },
  ALERT_PAUSE_S: {
    schema: integer(0, 86_400),
    default: '300',
    unit: 's',
    description: 'After an alert of a till so long none is raised of it.',
    services: ['analytics'],
  },
  ALERT_WEBHOOK_URL: {
    schema: url('https', 'http'),
    description:
      'Where alerts are sent as well, signed after Standard Webhooks, e.g. https://chat.example/hooks/regulars. Unset: nowhere.',
    services: ['analytics'],
    secret: true,
  },
  ALERT_WEBHOOK_SECRET: {
    schema: z.string().regex(/^(whsec_[A-Za-z0-9+/]{32,128}={0,2})( whsec_[A-Za-z0-9+/]{32,128}={0,2})?$/, {
      error:
        'expected whsec_ and 24 to 96 bytes in base64, such as "openssl rand -base64 32" prints, or two such with a blank between',
    }),
    description:
      'Signs what is sent to ALERT_WEBHOOK_URL: whsec_ and base64. Needed with it. While it is being changed the new and the old one, with a blank between: both sign.',
    services: ['analytics'],
    secret: true,
  },
} as const satisfies Record<string, VariableDefinition>;
