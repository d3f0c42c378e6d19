import type { ModelRunners } from '../models/runners.js';
import type { ModelRun } from './calls.js';

/** Names of the models in use, as metrics show them. */
export interface ModelNames {
  readonly detection: string;
  readonly landmarks: string;
  readonly recognition: string;
  readonly expression: string;
}

/** The same runners, which tell how long each run took.
 *  @param record called after each run, whether or not it succeeded */
export function timeRunners(
  models: ModelRunners,
  names: ModelNames,
  record: (run: ModelRun) => void,
): ModelRunners {
  const timed = async <T>(model: string, run: () => Promise<T>): Promise<T> => {
    const startedAt = performance.now();
    try {
      return await run();
    } finally {
      record({ model, seconds: (performance.now() - startedAt) / 1_000 });
    }
  };
  const { detector, landmarks, fivePoints, encoder, expression } = models;
  return {
    provider: models.provider,
    detector: {
      detect: (tiles) => timed(names.detection, () => detector.detect(tiles)),
      detectNear: (tiles) => timed(names.detection, () => detector.detectNear(tiles)),
    },
    landmarks: { locate: (image, boxes) => timed(names.landmarks, () => landmarks.locate(image, boxes)) },
    fivePoints,
    encoder: {
      recogniser: encoder.recogniser,
      dimensions: encoder.dimensions,
      chip: encoder.chip,
      encode: (chips, options) => timed(names.recognition, () => encoder.encode(chips, options)),
    },
    expression: {
      score: (crops, options) => timed(names.expression, () => expression.score(crops, options)),
    },
    release: () => models.release(),
  };
}
