import {
  AttendanceView,
  CameraId,
  CameraView,
  CustomerId,
  CustomerView,
  EnrolmentPerson,
  EnrolmentResult,
  ErasureCertificate,
  ErrorBody,
  ERRORS,
  SegmentName,
  type ErrorCode,
  ImportId,
  ImportOptions,
  ImportView,
  IssuedTokenView,
  TokenId,
  TokenView,
  VisitCountView,
  VisitView,
  WebhookAnswer,
  WebhookProvider,
} from '@regulars/contracts';
import { z } from 'zod';
import type { RouteDoc } from './openapi.js';

type Json = Readonly<Record<string, unknown>>;

interface Answer {
  readonly description: string;
  readonly content?: Readonly<Record<string, Json>>;
}
type Answers = Readonly<Record<string, Answer>>;

const ERRORS_EVERYWHERE: readonly ErrorCode[] = [
  'REQUEST_INVALID',
  'TOKEN_MISSING',
  'TOKEN_UNKNOWN',
  'TOKEN_FORBIDDEN',
  'RATE_LIMITED',
  'STORE_UNAVAILABLE',
  'INTERNAL',
];

const PARAMETERS: Readonly<Record<string, z.ZodType>> = {
  name: SegmentName,
  cameraId: CameraId,
  customerId: CustomerId,
  importId: ImportId,
  provider: WebhookProvider,
  tokenId: TokenId,
};

/** What answers hold, under the names that clients generated from the document will have. */
const NAMED = {
  AttendanceView,
  CameraView,
  CustomerView,
  EnrolmentResult,
  ErasureCertificate,
  ErrorBody,
  ImportView,
  IssuedTokenView,
  TokenView,
  VisitCountView,
  VisitView,
  WebhookAnswer,
};

/** The OpenAPI 3.1 document of the routes, made from the schemas that requests and answers are parsed by. */
export function openApiDocument(routes: readonly RouteDoc[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method] = operationOf(route);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Regulars',
      version,
      description:
        'Cameras, customers, visits, attendance and sales of a shop. Every request needs the header "Authorization: Bearer TOKEN" with the owner token.',
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: namedSchemas(),
    },
  };
}

const IDEMPOTENCY_KEY: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Sent again with the same key within 24 hours, the same body gets the first answer, with the header Idempotent-Replayed.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

function operationOf(route: RouteDoc): Json {
  const parameters = [
    ...pathParametersOf(route.path),
    ...queryParametersOf(route.query),
    ...(route.isIdempotent ? [IDEMPOTENCY_KEY] : []),
  ];
  return {
    operationId: operationIdOf(route),
    tags: [route.tag],
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    ...(route.isSigned ? { security: [] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body ? { requestBody: requestBodyOf(route.body) } : {}),
    responses: eitherOf(errorAnswersOf(route), answersOf(route)),
  };
}

/** `GET /v1/cameras/{cameraId}/picture.jpg` is `getCamerasByCameraIdPictureJpg`. */
function operationIdOf({ method, path }: RouteDoc): string {
  const words = path
    .replace('/v1/', '')
    .replace(/\{(\w+)\}/g, (_, name: string) => `by/${name}`)
    .split(/[/.]/);
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function pathParametersOf(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: jsonSchemaOf(PARAMETERS[name] ?? z.string(), 'input'),
  }));
}

function queryParametersOf(query: z.ZodObject | undefined): Json[] {
  if (query === undefined) return [];
  return Object.entries(query.shape as Record<string, z.ZodType>).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: querySchemaOf(schema),
  }));
}

/** Coerced numbers accept anything as input; what they become is the useful thing to say. */
function querySchemaOf(schema: z.ZodType): Json {
  const asInput = jsonSchemaOf(schema, 'input');
  return 'type' in asInput || 'enum' in asInput ? asInput : jsonSchemaOf(schema, 'output');
}

function requestBodyOf(body: NonNullable<RouteDoc['body']>): Json {
  if (typeof body !== 'string') {
    return { required: true, content: { 'application/json': { schema: jsonSchemaOf(body, 'input') } } };
  }
  const file = { type: 'string', contentMediaType: 'application/octet-stream', format: 'binary' };
  if (body === 'import') {
    const fields = jsonSchemaOf(ImportOptions, 'input');
    const properties = { ...(fields['properties'] as Json), file };
    const schema = { type: 'object', required: ['file'], properties };
    return { required: true, content: { 'multipart/form-data': { schema } } };
  }
  const photographs = { type: 'array', minItems: 1, maxItems: 10, items: file };
  const person = body === 'enrolment' ? { person: jsonSchemaOf(EnrolmentPerson, 'input') } : {};
  const properties = { ...person, photographs };
  const schema = { type: 'object', required: Object.keys(properties), properties };
  return { required: true, content: { 'multipart/form-data': { schema } } };
}

function answersOf(route: RouteDoc): Answers {
  return Object.fromEntries(
    Object.entries(route.answers).map(([status, { description, schema, mediaType }]) => {
      if (schema)
        return [status, { description, content: { 'application/json': { schema: refer(schema) } } }];
      if (mediaType)
        return [status, { description, content: { [mediaType]: { schema: { type: 'string' } } } }];
      return [status, { description }];
    }),
  );
}

function errorAnswersOf(route: RouteDoc): Answers {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of [...ERRORS_EVERYWHERE, ...route.errors]) {
    const { status } = ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/ErrorBody' } } };
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => {
      const description = codes.map((code) => `${code}: ${ERRORS[code].meaning}`).join(' ');
      return [String(status), { description, content }];
    }),
  );
}

/** A status that stands in both tables has either body. */
function eitherOf(errors: Answers, answers: Answers): Answers {
  const both: Record<string, Answer> = { ...errors, ...answers };
  for (const [status, error] of Object.entries(errors)) {
    const answer = answers[status];
    if (answer === undefined) continue;
    const schemas = [answer, error].map(({ content }) => content?.['application/json']?.['schema']);
    both[status] = {
      description: `${answer.description} ${error.description}`,
      content: { 'application/json': { schema: { oneOf: schemas } } },
    };
  }
  return both;
}

function namedSchemas(): Json {
  return Object.fromEntries(
    Object.entries(NAMED).map(([name, schema]) => [name, jsonSchemaOf(schema, 'output')]),
  );
}

/** A named schema by reference, a page of a named one as well, anything else in place. */
function refer(schema: z.ZodType): Json {
  const name = Object.entries(NAMED).find(([, named]) => named === schema)?.[0];
  if (name !== undefined) return { $ref: `#/components/schemas/${name}` };
  const inPlace = jsonSchemaOf(schema, 'output');
  const items =
    schema instanceof z.ZodObject ? (schema.shape as Record<string, z.ZodType>)['items'] : undefined;
  if (!(items instanceof z.ZodArray)) return inPlace;
  const properties = inPlace['properties'] as Json;
  const element = refer(items.element as z.ZodType);
  return { ...inPlace, properties: { ...properties, items: { type: 'array', items: element } } };
}

function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const document: Record<string, unknown> = { ...z.toJSONSchema(schema, { io, unrepresentable: 'any' }) };
  delete document['$schema'];
  return document;
}
