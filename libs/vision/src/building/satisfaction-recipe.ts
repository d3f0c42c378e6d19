import type { Recipe } from './recipes.js';
import {
  SATISFACTION_CLASSES,
  SATISFACTION_INPUT,
  satisfactionGraph,
  satisfactionHead,
} from './satisfaction.js';
import { OWN_WEIGHTS } from './weight-sources.js';

/** The net that training/expression trained. */
export const satisfactionRecipe: Recipe = {
  name: 'satisfaction',
  role: 'expression',
  alternative: true,
  source: {
    package: OWN_WEIGHTS,
    version: '1',
    licence: 'MIT',
    files: [
      {
        path: 'models/weights/satisfaction.weights',
        sha256: 'af3f2f9f1fa6d063a39bf657c37fe4d050a990c8d0254111bb84204a37287c0d',
      },
    ],
  },
  input: SATISFACTION_INPUT,
  classes: SATISFACTION_CLASSES,
  calibration: { temperature: 1, decisiveFrom: 0.5, unsureBelow: 0.4 },
  measured: [],
  convert: satisfactionGraph,
  head: satisfactionHead,
};
