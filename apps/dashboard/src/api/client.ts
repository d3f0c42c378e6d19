import {
  AttendanceView,
  CameraView,
  CustomerView,
  EnrolmentResult,
  ErasureCertificate,
  pageOf,
  tolerant,
  VisitCountView,
  VisitView,
  type CameraMode,
  type CustomerChange,
  type NewCustomer,
} from '@regulars/contracts';
import { createExpressionApi } from './expression-api.js';
import { createIdentityApi } from './identity-api.js';
import { createRecognisersApi } from './recognisers-api.js';
import { createSalesApi } from './sales-api.js';
import { createStrangersApi } from './strangers-api.js';
import { createValueApi } from './value-api.js';
import { answerUnknown, type ApiError, errorOf, unreachable } from './api-error.js';

/** Pages of one list that are read at most; the rest is left out rather than read for ever. */
const PAGES_AT_MOST = 20;
const PAGE_SIZE = 200;

/** How the page reads answers: a newer gateway may say more. */
const ANSWERS = {
  camera: tolerant(CameraView),
  cameras: tolerant(pageOf(CameraView)),
  customer: tolerant(CustomerView),
  customers: tolerant(pageOf(CustomerView)),
  certificate: tolerant(ErasureCertificate),
  enrolment: tolerant(EnrolmentResult),
  visitCount: tolerant(VisitCountView),
  visits: tolerant(pageOf(VisitView)),
  attendance: tolerant(pageOf(AttendanceView)),
};

export interface ApiOptions {
  readonly token: string;
  readonly storeId: string;
  /** Sends a request; `window.fetch` in the page. */
  readonly fetch: (path: string, init: RequestInit) => Promise<Response>;
  /** Told when the token is refused, whatever was asked. */
  readonly onSignedOut: (error: ApiError) => void;
}

export interface CameraForm {
  readonly cameraId: string;
  readonly name: string;
  readonly source: string;
  readonly mode: CameraMode;
}

/** A schema as far as an answer is parsed by it. */
export interface AnswerSchema<Answer> {
  safeParse(value: unknown): { success: true; data: Answer } | { success: false };
}

/** A list as far as it was read; `isComplete` is false when it is longer than the page reads. */
export interface ListOf<Item> {
  readonly items: readonly Item[];
  readonly isComplete: boolean;
}

/** How the parts of the API ask the gateway. */
export interface Asking {
  ask<Answer>(schema: AnswerSchema<Answer>, method: string, path: string, body?: unknown): Promise<Answer>;
  /** Reads every page of a list, as far as the page reads. */
  list<Item>(
    page: AnswerSchema<{ items: Item[]; nextCursor: string | null }>,
    path: string,
    query: Readonly<Record<string, string>>,
  ): Promise<ListOf<Item>>;
  /** Sends a form and reads the answer. */
  post<Answer>(schema: AnswerSchema<Answer>, path: string, form: FormData): Promise<Answer>;
  /** Asks for something that has no answer to read. */
  tell(method: string, path: string, body?: unknown): Promise<void>;
  file(path: string): Promise<Blob>;
}

export type Api = ReturnType<typeof createApi>;

/** The gateway's HTTP interface. Every answer is parsed by the contracts' schemas; every failure is an
 *  ApiError that says what happened and what to do. */
export function createApi(options: ApiOptions) {
  async function send(method: string, path: string, body?: BodyInit, type?: string): Promise<Response> {
    const headers: Record<string, string> = { Authorization: `Bearer ${options.token}` };
    if (type !== undefined) headers['Content-Type'] = type;
    const answer = await options.fetch(path, { method, headers, body, cache: 'no-store' }).catch(() => {
      throw unreachable();
    });
    if (answer.status === 401) {
      const error = errorOf(answer.status, await jsonOf(answer));
      options.onSignedOut(error);
      throw error;
    }
    return answer;
  }

  async function ask<Answer>(
    schema: AnswerSchema<Answer>,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Answer> {
    const answer =
      body === undefined
        ? await send(method, path)
        : await send(method, path, JSON.stringify(body), 'application/json');
    return parseAnswer(schema, answer);
  }

  async function list<Item>(
    page: AnswerSchema<{ items: Item[]; nextCursor: string | null }>,
    path: string,
    query: Readonly<Record<string, string>>,
  ): Promise<ListOf<Item>> {
    const items: Item[] = [];
    let cursor: string | null = null;
    for (let pages = 0; pages < PAGES_AT_MOST; pages++) {
      const search: URLSearchParams = new URLSearchParams(cursor === null ? query : { ...query, cursor });
      const answer: { items: Item[]; nextCursor: string | null } = await ask(
        page,
        'GET',
        search.size === 0 ? path : `${path}?${search.toString()}`,
      );
      items.push(...answer.items);
      cursor = answer.nextCursor;
      if (cursor === null) return { items, isComplete: true };
    }
    return { items, isComplete: false };
  }

  const asking: Asking = {
    ask,
    list,
    post: async (schema, path, form) => parseAnswer(schema, await send('POST', path, form)),
    tell: async (method, path, body) => {
      const isEmpty = body === undefined;
      await expectSuccess(
        isEmpty
          ? await send(method, path)
          : await send(method, path, JSON.stringify(body), 'application/json'),
      );
    },
    file: async (path) => {
      const answer = await send('GET', path);
      await expectSuccess(answer);
      return answer.blob();
    },
  };
  const customerPath = (customerId: string) => `/v1/customers/${encodeURIComponent(customerId)}`;
  const { storeId } = options;

  return {
    cameras: async () => {
      const { items } = await list(ANSWERS.cameras, '/v1/cameras', {});
      return items.filter((camera) => camera.storeId === storeId);
    },
    addCamera: (camera: CameraForm) => ask(ANSWERS.camera, 'POST', '/v1/cameras', { ...camera, storeId }),
    removeCamera: async (cameraId: string) => {
      await asking.tell('DELETE', `/v1/cameras/${encodeURIComponent(cameraId)}`);
    },
    customers: () => list(ANSWERS.customers, '/v1/customers', { limit: String(PAGE_SIZE) }),
    addCustomer: (customer: NewCustomer) => ask(ANSWERS.customer, 'POST', '/v1/customers', customer),
    changeCustomer: (customerId: string, change: CustomerChange) =>
      ask(ANSWERS.customer, 'PATCH', customerPath(customerId), change),
    /** Destroys the customer's key, templates and name. */
    eraseCustomer: (customerId: string) => ask(ANSWERS.certificate, 'DELETE', customerPath(customerId)),
    /** Enrols photographs; a result is given also when every one of them was refused. */
    enrol: async (customerId: string, photographs: readonly Blob[]) => {
      const form = new FormData();
      photographs.forEach((photograph, index) => {
        form.append('photographs', photograph, `photograph-${index + 1}.jpg`);
      });
      const answer = await send('POST', `${customerPath(customerId)}/photographs`, form);
      const body = await jsonOf(answer);
      const result = ANSWERS.enrolment.safeParse(body);
      if (result.success) return result.data;
      throw answer.ok ? answerUnknown(answer.status) : errorOf(answer.status, body);
    },
    /** Deletes all templates of a customer. */
    removePhotographs: async (customerId: string) => {
      await asking.tell('DELETE', `${customerPath(customerId)}/photographs`);
    },
    openVisits: () => list(ANSWERS.visits, '/v1/visits', { storeId, open: 'true', limit: String(PAGE_SIZE) }),
    /** The newest visits, as far as one page goes. */
    newestVisits: async () => {
      const query = new URLSearchParams({ storeId, limit: '40' }).toString();
      return (await ask(ANSWERS.visits, 'GET', `/v1/visits?${query}`)).items;
    },
    /** Visits that began between two instants. */
    visits: (from: string, to: string) =>
      list(ANSWERS.visits, '/v1/visits', { storeId, from, to, limit: String(PAGE_SIZE) }),
    /** How many visits began between two instants, and how sure that is. */
    visitCount: (from: string, to: string) => {
      const query = new URLSearchParams({ storeId, from, to }).toString();
      return ask(ANSWERS.visitCount, 'GET', `/v1/visit-count?${query}`);
    },
    /** The newest visits of one customer. */
    visitsOf: async (customerId: string) => {
      const query = new URLSearchParams({ storeId, customerId, limit: '8' }).toString();
      return (await ask(ANSWERS.visits, 'GET', `/v1/visits?${query}`)).items;
    },
    /** Attendance of one calendar day of the shop. */
    attendance: (day: string) =>
      list(ANSWERS.attendance, '/v1/attendance', { storeId, from: day, to: day, limit: '1000' }),
    attendanceCsv: async (day: string) => {
      const query = new URLSearchParams({ storeId, from: day, to: day }).toString();
      return asking.file(`/v1/attendance.csv?${query}`);
    },
    ...createExpressionApi(asking),
    ...createValueApi(asking, storeId),
    ...createIdentityApi(asking),
    ...createRecognisersApi(asking),
    ...createSalesApi(asking, storeId),
    ...createStrangersApi(asking, storeId),
  };
}

async function parseAnswer<Answer>(schema: AnswerSchema<Answer>, answer: Response): Promise<Answer> {
  const body = await jsonOf(answer);
  if (!answer.ok) throw errorOf(answer.status, body);
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw answerUnknown(answer.status);
  return parsed.data;
}

async function expectSuccess(answer: Response): Promise<void> {
  if (!answer.ok) throw errorOf(answer.status, await jsonOf(answer));
}

/** The body as JSON; null when it is none, which no schema of an answer accepts. */
async function jsonOf(answer: Response): Promise<unknown> {
  return answer.json().catch(() => null) as Promise<unknown>;
}
