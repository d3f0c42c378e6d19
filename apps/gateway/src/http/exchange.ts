import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TokenHolder } from '../sign-in/sign-in.js';

/** Of every answer of the API. */
export const JSON_TYPE = 'application/json; charset=utf-8';

/** What the gateway reads of Express' request, besides Node's own. */
export interface HttpRequest extends IncomingMessage {
  /** Given to every request first of all (request-id.ts). */
  requestId: string;
  /** Who asks; set by the token guard. */
  holder?: TokenHolder;
  /** The bytes of a JSON body as they came. */
  readonly rawBody?: Buffer;
  readonly ip?: string;
  readonly path: string;
  readonly originalUrl: string;
  readonly baseUrl: string;
  /** The route that matched, once one has; its path is a pattern such as `/v1/cameras/:cameraId`. */
  readonly route?: { readonly path: unknown };
}

export type HttpResponse = ServerResponse;

export type Middleware = (
  request: HttpRequest,
  response: HttpResponse,
  next: (error?: unknown) => void,
) => void;
