import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Telemetry } from '@regulars/contracts';
import { sendError } from '../http/error.filter.js';
import { type HttpRequest, type HttpResponse, JSON_TYPE, type Middleware } from '../http/exchange.js';
import { announcesPlainJson, readPlainJson } from '../http/plain-json.js';
import { RequestLimit } from '../sign-in/request-limit.js';
import { SignIn } from '../sign-in/sign-in.js';
import { admit } from '../sign-in/token.guard.js';
import { SalesController } from './sales.controller.js';

const PATH = '/v1/sales';
const ROUTE = { path: PATH };
const onwards = () => undefined;

/** Express' own request, which knows the caller's address behind a proxy. */
interface Express {
  readonly request: object;
}

/** Takes `POST /v1/sales` with plain JSON from Node's server before Express and Nest see it: they cost more than the
 *  sale (docs/adr/0020-a-door-for-tills.md). It is made of the same pieces, in the same order, and till-door.spec.ts
 *  compares the answers of both ways byte for byte. What it does not take has not been touched. */
export class TillDoor {
  /** @param first what every request of the API passes first of all */
  constructor(
    private readonly app: Express,
    private readonly first: readonly Middleware[],
    private readonly desk: { limit: RequestLimit; signIn: SignIn; sales: SalesController },
    private readonly telemetry: Telemetry,
  ) {}

  /** @returns false when the request is none of its own */
  take(incoming: IncomingMessage, response: ServerResponse): boolean {
    if (incoming.url !== PATH || incoming.method !== 'POST') return false;
    if (!announcesPlainJson(incoming.headers)) return false;
    const request = this.requestOf(incoming);
    for (const middleware of this.first) middleware(request, response, onwards);
    readPlainJson(request, (error, body) => {
      if (error !== null) sendError(error, request, response, this.telemetry.log);
      else void this.sell(request, response, body);
    });
    return true;
  }

  /** The request with what Express would say of it. */
  private requestOf(incoming: IncomingMessage): HttpRequest {
    const known = { app: this.app, path: PATH, originalUrl: PATH, baseUrl: '' };
    return Object.assign(incoming, known) as IncomingMessage & typeof known & { requestId: string };
  }

  /** Never throws. */
  private async sell(request: HttpRequest, response: HttpResponse, body: unknown): Promise<void> {
    const { limit, signIn, sales } = this.desk;
    try {
      const asked = Object.assign(request, { route: ROUTE, ip: this.addressOf(request) });
      limit.count(asked.ip, response);
      await admit(signIn, asked, 'tills');
      response.statusCode = 201;
      const json = JSON.stringify(await sales.sell(body, asked, response));
      response.setHeader('Content-Type', JSON_TYPE);
      response.setHeader('Content-Length', Buffer.byteLength(json));
      response.end(json);
    } catch (error) {
      sendError(error, request, response, this.telemetry.log);
    }
  }

  private addressOf(request: HttpRequest): string | undefined {
    return Reflect.get(this.app.request, 'ip', request) as string | undefined;
  }
}

/** Puts the door before all other routes. */
export function openTillDoor(
  app: NestExpressApplication,
  first: readonly Middleware[],
  telemetry: Telemetry,
): void {
  const desk = { limit: app.get(RequestLimit), signIn: app.get(SignIn), sales: app.get(SalesController) };
  const express = app.getHttpAdapter().getInstance() as Express;
  const door = new TillDoor(express, first, desk, telemetry);
  const server = app.getHttpServer() as Server;
  const others = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (door.take(request, response)) return;
    for (const other of others) other(request, response);
  });
}
