import type { RecogniserPlan } from '@regulars/persistence';
import { describe, expect, it } from 'vitest';
import { planAfter, refuseLoss } from './recogniser-plan.js';

const AT = '2026-03-01T09:00:00.000Z';
const NONE: RecogniserPlan = { serving: null, beside: null, revision: 0 };
const CANDIDATE: RecogniserPlan = { ...NONE, beside: { model: 'new', role: 'candidate', since: AT } };
const PROMOTED: RecogniserPlan = {
  serving: 'new',
  beside: { model: 'old', role: 'former', since: AT },
  revision: 2,
};
const refusal = (work: () => unknown) => {
  try {
    work();
    return null;
  } catch (error) {
    return error;
  }
};

describe('the plan of recognisers', () => {
  it('leads from a candidate to a promotion and back, and the one that served is always beside', () => {
    const candidate = planAfter(NONE, { kind: 'candidate', model: 'new' }, 'old', AT);
    expect(candidate).toMatchObject({
      next: { serving: null, beside: { model: 'new', role: 'candidate' } },
      about: 'new',
    });
    const promoted = planAfter(CANDIDATE, { kind: 'promote', without: [] }, 'old', AT);
    expect(promoted.next).toMatchObject({ serving: 'new', beside: { model: 'old', role: 'former' } });
    const back = planAfter(PROMOTED, { kind: 'roll-back' }, 'new', AT);
    expect(back.next).toMatchObject({ serving: 'old', beside: { model: 'new', role: 'candidate' } });
    expect(planAfter(PROMOTED, { kind: 'end', deleteTemplates: false }, 'new', AT).next).toMatchObject({
      serving: 'new',
      beside: null,
    });
  });

  it('has no step that leads nowhere', () => {
    const refused: readonly (readonly [RecogniserPlan, Parameters<typeof planAfter>[1]])[] = [
      [NONE, { kind: 'promote', without: [] }],
      [NONE, { kind: 'roll-back' }],
      [NONE, { kind: 'end', deleteTemplates: true }],
      [CANDIDATE, { kind: 'roll-back' }],
      [PROMOTED, { kind: 'promote', without: [] }],
    ];
    for (const [plan, change] of refused)
      expect(refusal(() => planAfter(plan, change, 'old', AT))).toMatchObject({ code: 'CANDIDATE_MISSING' });
    for (const [plan, model] of [
      [NONE, 'old'],
      [CANDIDATE, 'third'],
      [PROMOTED, 'third'],
    ] as const)
      expect(refusal(() => planAfter(plan, { kind: 'candidate', model }, 'old', AT))).toMatchObject({
        code: 'CANDIDATE_REFUSED',
      });
  });

  it('loses nobody who was not named', () => {
    expect(refusal(() => refuseLoss('new', ['ada', 'bob'], ['ada']))).toMatchObject({
      code: 'CANDIDATE_INCOMPLETE',
      fields: { model: 'new', count: 1, customers: ['bob'] },
    });
    expect(refusal(() => refuseLoss('new', ['ada', 'bob'], ['bob', 'ada', 'cy']))).toBeNull();
    expect(refusal(() => refuseLoss('new', [], []))).toBeNull();
  });
});
