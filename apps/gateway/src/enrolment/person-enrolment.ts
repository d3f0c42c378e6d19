import {
  type CustomerChange,
  CustomerUpdated,
  type EnrolmentPerson,
  type EnrolmentQuery,
  isRegularsError,
  type PersonEnrolment,
  RegularsError,
} from '@regulars/contracts';
import { idFrom, newId } from '@regulars/contracts/ids';
import type { Broker, Publisher } from '@regulars/messaging';
import type { CustomerRecord, CustomersRepository } from '@regulars/persistence';
import { consentHolds } from '../customers/consent.js';
import { enrolPhotographs } from './enrolment.js';

interface Desk {
  readonly customers: CustomersRepository;
  readonly broker: Pick<Broker, 'ask'>;
  readonly publisher: Publisher;
}

/** Enrols a person in one go: the customer is made, with the consent, and the photographs are taken in. Where none is
 *  accepted no customer is left behind; sent again, it changes nothing. In a trial nothing is stored at all.
 *  @throws RegularsError CONSENT_MISSING, CUSTOMER_EXISTS (the number is another name's); TransientError
 *  RECOGNITION_UNAVAILABLE, after which the same request finishes what was begun */
export async function enrolPerson(
  desk: Desk,
  person: EnrolmentPerson,
  photographs: readonly Uint8Array[],
  { trial, acceptKnown = false }: EnrolmentQuery,
): Promise<PersonEnrolment> {
  const at = new Date().toISOString();
  const known = await desk.customers.byExternalId(person.externalId);
  refuseOtherName(known, person);
  refuseWithoutConsent(known, person, at);
  const options = { refuseKnown: !acceptKnown, ...(trial === undefined ? {} : { trialId: trial }) };
  if (trial !== undefined) {
    const customerId = known?.customerId ?? idFrom('cus', trial, person.externalId);
    const { templates, photographs: results } = await enrolPhotographs(
      desk.broker,
      customerId,
      photographs,
      options,
    );
    return { customerId, outcome: 'tried', isNew: known === null, templates, photographs: results };
  }
  const customer = known ?? (await create(desk, person, at));
  if (known !== null) await recordConsent(desk.customers, known, person, at);
  const { customerId } = customer;
  const result = await enrolPhotographs(desk.broker, customerId, photographs, options);
  const isEnrolled = result.photographs.some(({ kind }) => kind === 'accepted');
  if (known === null) await settle(desk, customer, isEnrolled || result.templates > 0, at);
  const outcome = isEnrolled ? 'enrolled' : 'refused';
  return { ...result, outcome, isNew: known === null };
}

function refuseOtherName(known: CustomerRecord | null, { displayName, externalId }: EnrolmentPerson): void {
  if (known === null || known.displayName === displayName) return;
  throw new RegularsError('CUSTOMER_EXISTS', {
    field: 'displayName',
    externalId,
    customerId: known.customerId,
  });
}

function refuseWithoutConsent(known: CustomerRecord | null, { consent }: EnrolmentPerson, at: string): void {
  const given = consent === undefined ? null : { ...consent, until: consent.until ?? null };
  if (consentHolds(given, at) || consentHolds(known?.consent ?? null, at)) return;
  throw new RegularsError('CONSENT_MISSING', {
    field: 'consent',
    until: given?.until ?? known?.consent?.until ?? null,
  });
}

async function create({ customers }: Desk, person: EnrolmentPerson, at: string): Promise<CustomerRecord> {
  return customers.create(newId('cus'), person, at).catch((error: unknown) => {
    const isTaken = isRegularsError(error) && error.code === 'VALUE_TAKEN';
    throw isTaken ? new RegularsError('CUSTOMER_EXISTS', { field: 'externalId' }, { cause: error }) : error;
  });
}

/** A consent that holds is left as it is. */
async function recordConsent(
  customers: CustomersRepository,
  { customerId, consent }: CustomerRecord,
  person: EnrolmentPerson,
  at: string,
): Promise<void> {
  if (consentHolds(consent, at) || person.consent === undefined) return;
  await customers.change(customerId, { consent: person.consent } satisfies CustomerChange);
}

/** Tells of a new customer, or takes the customer back of whom no photograph was accepted. */
async function settle(
  { customers, publisher }: Desk,
  { customerId }: CustomerRecord,
  isEnrolled: boolean,
  updatedAt: string,
): Promise<void> {
  if (isEnrolled) {
    await publisher.publish(CustomerUpdated, { customerId, change: 'created', updatedAt });
    return;
  }
  await customers.takeBack(customerId);
}
