import {
  CropView,
  ExpressionExplanationView,
  HeadsView,
  pageOf,
  type SatisfactionClass,
  tolerant,
} from '@regulars/contracts';
import type { Asking } from './client.js';

const ANSWERS = {
  explanation: tolerant(ExpressionExplanationView),
  crops: tolerant(pageOf(CropView)),
  crop: tolerant(CropView),
  heads: tolerant(HeadsView),
};

/** Where the gateway has what this page shows of scores. */
const PATHS = {
  explanations: '/v1/expressions/explanations',
  crops: '/v1/expressions/crops',
  crop: (cropId: string) => `/v1/expressions/crops/${encodeURIComponent(cropId)}`,
  heads: '/v1/expressions/heads',
  serving: '/v1/expressions/heads/serving',
};

const NEWEST = '60';

/** Scores, what they rest on, and what operators say of them. */
export function createExpressionApi({ ask, post, file, tell }: Asking) {
  return {
    /** @param jpeg one face with its surroundings; kept nowhere */
    explain: (jpeg: Blob) => {
      const form = new FormData();
      form.append('photographs', jpeg, 'face.jpg');
      return post(ANSWERS.explanation, PATHS.explanations, form);
    },
    /** The newest crops that are kept. */
    keptCrops: async () => (await ask(ANSWERS.crops, 'GET', `${PATHS.crops}?limit=${NEWEST}`)).items,
    keptCrop: (cropId: string) => file(`${PATHS.crop(cropId)}/picture.jpg`),
    correctCrop: (cropId: string, correction: SatisfactionClass | null) =>
      ask(ANSWERS.crop, 'PUT', `${PATHS.crop(cropId)}/correction`, { class: correction }),
    removeCrop: (cropId: string) => tell('DELETE', PATHS.crop(cropId)),
    heads: () => ask(ANSWERS.heads, 'GET', PATHS.heads),
    trainHead: () => ask(ANSWERS.heads, 'POST', PATHS.heads),
    /** @param headId null: the head that was shipped */
    serveHead: (headId: string | null) => ask(ANSWERS.heads, 'PUT', PATHS.serving, { headId }),
  };
}
