import { type RecogniserAgreement, type RecognisersView, RegularsError } from '@regulars/contracts';
import { IdentityRepository, type RecogniserPlan, type RecognisersRepository } from '@regulars/persistence';
import { listRecognisers } from '@regulars/vision';
import { passesAWeek } from '../identity/budget.js';
import type { Lasting } from '../serving.js';
import { compareSides, type PairedTemplate, type Side } from './agreement.js';
import type { OpenedRecogniser } from './opened-recogniser.js';

const MOST_CHANGES = 20;

/** What is known of the recognisers now. */
export interface Standing {
  readonly serving: string;
  readonly plan: RecogniserPlan;
  readonly pending: RecognisersView['pending'];
  readonly besideProblem: string | null;
}

type Books = Pick<Lasting, 'templates' | 'environment'> & { readonly plans: RecognisersRepository };

export async function viewOf(
  { templates, environment, plans }: Books,
  now: Standing,
): Promise<RecognisersView> {
  const countsOf = async (model: string) => ({
    people: (await templates.customersOf(model)).size,
    templates: await templates.count(model),
  });
  const { beside } = now.plan;
  const { names, problems } = await listRecognisers(environment.modelsDir);
  return {
    serving: { model: now.serving, ...(await countsOf(now.serving)) },
    beside: beside && { ...beside, ...(await countsOf(beside.model)), problem: now.besideProblem },
    pending: now.pending,
    known: [...names],
    unusable: problems.map(({ name, problem }) => ({ name, problem })),
    changes: await plans.changes(MOST_CHANGES),
  };
}

/** Customers whom the one recogniser knows and the other does not, by id. */
export async function uncoveredBy(
  { templates }: Pick<Lasting, 'templates'>,
  serving: string,
  other: string,
): Promise<readonly string[]> {
  const known = await templates.customersOf(other);
  return [...(await templates.customersOf(serving))].filter((customerId) => !known.has(customerId)).sort();
}

/** @throws RegularsError CANDIDATE_MISSING when no other recogniser is ready */
export async function agreementOf(
  { store, templates, environment }: Pick<Lasting, 'store' | 'templates' | 'environment'>,
  serving: OpenedRecogniser,
  beside: OpenedRecogniser | null,
): Promise<RecogniserAgreement> {
  if (beside === null) throw new RegularsError('CANDIDATE_MISSING');
  const side = async ({ model, scoring }: OpenedRecogniser): Promise<Side> => {
    const all: PairedTemplate[] = [];
    for await (const template of templates.all(model)) all.push(template);
    return { model, scoring, templates: all };
  };
  const books = new IdentityRepository(store);
  const wrongPerWeek = (await books.wrongPerWeek()) ?? environment.identityWrongPerWeek;
  const passesPerWeek = passesAWeek(await books.lastWeek(Date.now()));
  return compareSides(await side(serving), await side(beside), { wrongPerWeek, passesPerWeek });
}
