import {
  pageOf,
  PseudonymChangeView,
  StrangerChanged,
  StrangerDetails,
  StrangerView,
  tolerant,
} from '@regulars/contracts';
import type { Asking } from './client.js';

const ANSWERS = {
  strangers: tolerant(pageOf(StrangerView)),
  details: tolerant(StrangerDetails),
  changes: tolerant(pageOf(PseudonymChangeView)),
  changed: tolerant(StrangerChanged),
};

const pathOf = (pseudonymId: string) => `/v1/strangers/${encodeURIComponent(pseudonymId)}`;
/** Rows of the list; older ones are not looked for. */
const FIRST_ROWS = '100';

/** Strangers who are known again by a pseudonym. */
export function createStrangersApi({ ask }: Asking, storeId: string) {
  const query = new URLSearchParams({ storeId, limit: FIRST_ROWS }).toString();
  return {
    strangers: async () => (await ask(ANSWERS.strangers, 'GET', `/v1/strangers?${query}`)).items,
    stranger: (pseudonymId: string) => ask(ANSWERS.details, 'GET', pathOf(pseudonymId)),
    strangerChanges: async () => (await ask(ANSWERS.changes, 'GET', `/v1/strangers/changes?${query}`)).items,
    mergeStrangers: (from: string, into: string) =>
      ask(ANSWERS.changed, 'POST', `${pathOf(from)}/merge`, { into }),
    splitStranger: (from: string, sightingIds: readonly string[]) =>
      ask(ANSWERS.changed, 'POST', `${pathOf(from)}/split`, { sightingIds }),
    promoteStranger: (from: string, customerId: string) =>
      ask(ANSWERS.changed, 'POST', `${pathOf(from)}/promote`, { customerId }),
    eraseStranger: (pseudonymId: string) => ask(ANSWERS.changed, 'DELETE', pathOf(pseudonymId)),
    undoStrangerChange: (changeId: string) =>
      ask(ANSWERS.changed, 'POST', `/v1/strangers/changes/${encodeURIComponent(changeId)}/undo`),
  };
}
