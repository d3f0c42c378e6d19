import {
  AttendanceFileQuery,
  AttendanceQuery,
  AttendanceView,
  CameraChange,
  CameraView,
  CustomerChange,
  CustomerQuery,
  CustomerView,
  EnrolmentResult,
  ErasureCertificate,
  type ErrorCode,
  NewCamera,
  NewCustomer,
  pageOf,
  VisitCountQuery,
  VisitCountView,
  VisitQuery,
  VisitView,
} from '@regulars/contracts';
import type { z } from 'zod';
import { ENROLMENT_ROUTES } from './enrolment/enrolment-routes.js';
import { EXPRESSION_ROUTES } from './expressions/expression-routes.js';
import { IDENTITY_ROUTES } from './identity/identity-routes.js';
import { RECOGNISER_ROUTES } from './recognisers/recogniser-routes.js';
import { SALES_ROUTES } from './sales/sales-routes.js';
import { STRANGER_ROUTES } from './strangers/stranger-routes.js';
import { VALUE_ROUTES } from './value/value-routes.js';

export interface AnswerDoc {
  readonly description: string;
  /** A schema for JSON, a media type for anything else, nothing for no body. */
  readonly schema?: z.ZodType;
  readonly mediaType?: string;
}

export interface RouteDoc {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As OpenAPI writes it, parameters in braces. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType | 'photographs' | 'enrolment' | 'import';
  /** Takes the header Idempotency-Key. */
  readonly isIdempotent?: true;
  /** Takes no token: the sender signs what it sends. */
  readonly isSigned?: true;
  readonly answers: Readonly<Record<number, AnswerDoc>>;
  /** Besides those that every route may answer with. */
  readonly errors: readonly ErrorCode[];
}

/** Every route of the API. A test compares it with the routes that are really registered. */
export const ROUTES: readonly RouteDoc[] = [
  {
    method: 'post',
    path: '/v1/cameras',
    tag: 'Cameras',
    summary: 'Adds a camera.',
    body: NewCamera,
    answers: { 201: { description: 'The camera.', schema: CameraView } },
    errors: ['CAMERA_EXISTS', 'CAMERA_SOURCE_REFUSED'],
  },
  {
    method: 'get',
    path: '/v1/cameras',
    tag: 'Cameras',
    summary: 'Lists all cameras with their state.',
    answers: { 200: { description: 'The cameras.', schema: pageOf(CameraView) } },
    errors: [],
  },
  {
    method: 'get',
    path: '/v1/cameras/{cameraId}',
    tag: 'Cameras',
    summary: 'One camera with its state.',
    answers: { 200: { description: 'The camera.', schema: CameraView } },
    errors: ['CAMERA_NOT_FOUND'],
  },
  {
    method: 'patch',
    path: '/v1/cameras/{cameraId}',
    tag: 'Cameras',
    summary: 'Changes a camera. Fields that are left out stay as they are.',
    body: CameraChange,
    answers: { 200: { description: 'The changed camera.', schema: CameraView } },
    errors: ['CAMERA_NOT_FOUND', 'CAMERA_SOURCE_REFUSED'],
  },
  {
    method: 'delete',
    path: '/v1/cameras/{cameraId}',
    tag: 'Cameras',
    summary: 'Removes a camera. What it has seen stays.',
    answers: { 204: { description: 'Removed.' } },
    errors: ['CAMERA_NOT_FOUND'],
  },
  {
    method: 'get',
    path: '/v1/cameras/{cameraId}/picture.jpg',
    tag: 'Cameras',
    summary: 'The newest picture of a camera.',
    answers: { 200: { description: 'The picture.', mediaType: 'image/jpeg' } },
    errors: ['CAMERA_NOT_FOUND', 'PICTURE_NOT_FOUND'],
  },
  {
    method: 'post',
    path: '/v1/customers',
    tag: 'Customers',
    summary: 'Adds a customer.',
    body: NewCustomer,
    answers: { 201: { description: 'The customer.', schema: CustomerView } },
    errors: ['CUSTOMER_EXISTS'],
  },
  {
    method: 'get',
    path: '/v1/customers',
    tag: 'Customers',
    summary: 'Lists customers, or finds the one with an externalId.',
    query: CustomerQuery,
    answers: { 200: { description: 'A page of customers.', schema: pageOf(CustomerView) } },
    errors: [],
  },
  {
    method: 'get',
    path: '/v1/customers/{customerId}',
    tag: 'Customers',
    summary: 'One customer.',
    answers: { 200: { description: 'The customer.', schema: CustomerView } },
    errors: ['CUSTOMER_NOT_FOUND'],
  },
  {
    method: 'patch',
    path: '/v1/customers/{customerId}',
    tag: 'Customers',
    summary: 'Changes a customer. Fields that are left out stay as they are.',
    body: CustomerChange,
    answers: { 200: { description: 'The changed customer.', schema: CustomerView } },
    errors: ['CUSTOMER_NOT_FOUND', 'CUSTOMER_EXISTS'],
  },
  {
    method: 'delete',
    path: '/v1/customers/{customerId}',
    tag: 'Customers',
    summary: 'Erases a customer for good.',
    description:
      'Destroys the key that sealed the name and the templates, then the templates and the record. Asking again gives the same certificate.',
    answers: { 200: { description: 'What was destroyed.', schema: ErasureCertificate } },
    errors: ['CUSTOMER_NOT_FOUND'],
  },
  {
    method: 'post',
    path: '/v1/customers/{customerId}/photographs',
    tag: 'Customers',
    summary: 'Enrols a customer from photographs, so that cameras recognise the customer.',
    description:
      'One to ten files of at most 10 MB. Each photograph is judged for itself; the photographs are not kept.',
    body: 'photographs',
    answers: {
      201: { description: 'At least one photograph was accepted.', schema: EnrolmentResult },
      422: { description: 'No photograph was accepted; each with its reason.', schema: EnrolmentResult },
    },
    errors: ['CUSTOMER_NOT_FOUND', 'CONSENT_MISSING', 'REQUEST_TOO_LARGE', 'RECOGNITION_UNAVAILABLE'],
  },
  {
    method: 'delete',
    path: '/v1/customers/{customerId}/photographs',
    tag: 'Customers',
    summary: 'Removes what the customer is recognised by.',
    answers: { 204: { description: 'Removed.' } },
    errors: ['CUSTOMER_NOT_FOUND'],
  },
  {
    method: 'get',
    path: '/v1/visits',
    tag: 'Visits',
    summary: 'Lists visits, the newest first.',
    query: VisitQuery,
    answers: { 200: { description: 'A page of visits.', schema: pageOf(VisitView) } },
    errors: [],
  },
  {
    method: 'get',
    path: '/v1/visit-count',
    tag: 'Visits',
    summary:
      'Counts the visits that began in a time, says between which numbers the true one lies and when cameras were away.',
    query: VisitCountQuery,
    answers: { 200: { description: 'The count.', schema: VisitCountView } },
    errors: [],
  },
  {
    method: 'get',
    path: '/v1/attendance',
    tag: 'Visits',
    summary: 'Lists who was there on which day: one line a customer and day.',
    query: AttendanceQuery,
    answers: { 200: { description: 'A page of attendance.', schema: pageOf(AttendanceView) } },
    errors: [],
  },
  {
    method: 'get',
    path: '/v1/attendance.csv',
    tag: 'Visits',
    summary: 'Attendance as a file: Name, Date, Time, CustomerId, Store.',
    description: 'All lines that match, without pages. Times are in the time zone of the shop.',
    query: AttendanceFileQuery,
    answers: { 200: { description: 'The file.', mediaType: 'text/csv' } },
    errors: [],
  },
  ...ENROLMENT_ROUTES,
  ...IDENTITY_ROUTES,
  ...RECOGNISER_ROUTES,
  ...STRANGER_ROUTES,
  ...EXPRESSION_ROUTES,
  ...SALES_ROUTES,
  ...VALUE_ROUTES,
];
