import { EnrolmentQuery, PersonEnrolment } from '@regulars/contracts';
import type { RouteDoc } from '../openapi.js';

/** Routes of imports of people. */
export const ENROLMENT_ROUTES: readonly RouteDoc[] = [
  {
    method: 'post',
    path: '/v1/enrolments',
    tag: 'Customers',
    summary: 'Enrols a person: makes the customer, records the consent and takes the photographs in.',
    description:
      "The person is the form's field `person` (JSON; `externalId` says who is meant), the photographs one to ten files beside it. Sent again, it changes nothing. Where no photograph is accepted, no customer is made. With `trial` nothing is stored: the photographs are judged as if all that the trial offered before were enrolled.",
    query: EnrolmentQuery,
    body: 'enrolment',
    answers: {
      200: { description: 'A trial: what would become of each photograph.', schema: PersonEnrolment },
      201: { description: 'At least one photograph was accepted.', schema: PersonEnrolment },
      422: { description: 'No photograph was accepted; each with its reason.', schema: PersonEnrolment },
    },
    errors: ['CONSENT_MISSING', 'CUSTOMER_EXISTS', 'REQUEST_TOO_LARGE', 'RECOGNITION_UNAVAILABLE'],
  },
];
