import { assertNever, type ChangeRecogniserRequest, type Instant, RegularsError } from '@regulars/contracts';
import type { RecogniserPlan } from '@regulars/persistence';

type Change = ChangeRecogniserRequest['change'];
type NextPlan = Omit<RecogniserPlan, 'revision'>;

/** What a change makes of the plan, and which recogniser it is about.
 *  @param serving the recogniser that serves now
 *  @throws RegularsError CANDIDATE_REFUSED, CANDIDATE_MISSING */
export function planAfter(
  plan: RecogniserPlan,
  change: Change,
  serving: string,
  at: Instant,
): { readonly next: NextPlan; readonly about: string } {
  const { beside } = plan;
  switch (change.kind) {
    case 'candidate': {
      const { model } = change;
      if (model === serving)
        throw new RegularsError('CANDIDATE_REFUSED', { model, problem: 'it serves already' });
      if (beside !== null)
        throw new RegularsError('CANDIDATE_REFUSED', {
          model,
          problem: `${beside.model} stands beside as ${beside.role}; end that first`,
        });
      return { next: { ...plan, beside: { model, role: 'candidate', since: at } }, about: model };
    }
    case 'end':
      if (beside === null) throw new RegularsError('CANDIDATE_MISSING');
      return { next: { ...plan, beside: null }, about: beside.model };
    case 'promote':
    case 'roll-back': {
      const role = change.kind === 'promote' ? 'candidate' : 'former';
      if (beside?.role !== role) throw new RegularsError('CANDIDATE_MISSING', { role });
      const left = change.kind === 'promote' ? 'former' : 'candidate';
      const model = plan.serving ?? serving;
      return {
        next: { serving: beside.model, beside: { model, role: left, since: at } },
        about: beside.model,
      };
    }
    default:
      return assertNever(change);
  }
}

/** Refuses a promotion after which somebody would not be recognised who was not named.
 *  @param uncovered everybody who is enrolled and unknown to the candidate
 *  @throws RegularsError CANDIDATE_INCOMPLETE naming them */
export function refuseLoss(model: string, uncovered: readonly string[], without: readonly string[]): void {
  const accepted = new Set(without);
  const lost = uncovered.filter((customerId) => !accepted.has(customerId));
  if (lost.length === 0) return;
  throw new RegularsError('CANDIDATE_INCOMPLETE', {
    model,
    count: lost.length,
    customers: lost.slice(0, MOST_NAMED),
  });
}

const MOST_NAMED = 1_000;
