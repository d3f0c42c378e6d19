import { RecogniserAgreement, RecognisersView, tolerant } from '@regulars/contracts';
import type { Asking } from './client.js';

const ANSWERS = { view: tolerant(RecognisersView), agreement: tolerant(RecogniserAgreement) };
const PATH = '/v1/recognisers';

/** Which recogniser serves, and another one beside it. */
export function createRecognisersApi({ ask }: Asking) {
  return {
    recognisers: () => ask(ANSWERS.view, 'GET', PATH),
    recogniserAgreement: () => ask(ANSWERS.agreement, 'GET', `${PATH}/agreement`),
    addCandidate: (model: string) => ask(ANSWERS.view, 'POST', `${PATH}/candidate`, { model }),
    promoteCandidate: (without: readonly string[]) =>
      ask(ANSWERS.view, 'POST', `${PATH}/promotion`, { without }),
    rollBackRecogniser: () => ask(ANSWERS.view, 'POST', `${PATH}/roll-back`),
    endBeside: (deleteTemplates: boolean) =>
      ask(ANSWERS.view, 'DELETE', `${PATH}/beside?deleteTemplates=${String(deleteTemplates)}`),
  };
}
