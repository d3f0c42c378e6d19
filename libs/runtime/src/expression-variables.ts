import { integer } from './variable-parsers.js';
import type { VariableDefinition } from './variables.js';

/** Variables of what the expression service keeps. */
export const expressionVariables = {
  EXPRESSION_CROPS_DAYS: {
    schema: integer(0, 365),
    default: '0',
    unit: 'days',
    description:
      'Crops of recognised customers who agreed are kept so long, sealed by their keys, for operators to correct scores; 0: none is kept.',
    services: ['expression'],
  },
} as const satisfies Record<string, VariableDefinition>;
