import { assertNever, type PhotographResult, RegularsError } from '@regulars/contracts';
import { MOST_TEMPLATES, type Verdict } from './album.js';

export type Refused = Extract<PhotographResult, { kind: 'refused' }>;

/** A photograph that is not enrolled, with the error as its reason. */
export function refusal(index: number, error: RegularsError): Refused {
  const { code, message, remedy, fields } = error;
  return { kind: 'refused', index, code, message, remedy, fields: { ...fields } };
}

/** @returns null for a photograph that is kept */
export function refusedBy(verdict: Verdict): RegularsError | null {
  switch (verdict) {
    case 'kept':
      return null;
    case 'differs':
      return new RegularsError('FACES_DIFFER');
    case 'repeated':
      return new RegularsError('PHOTOGRAPH_REPEATED');
    case 'full':
      return new RegularsError('TEMPLATES_FULL', { most: MOST_TEMPLATES });
    default:
      return assertNever(verdict);
  }
}
