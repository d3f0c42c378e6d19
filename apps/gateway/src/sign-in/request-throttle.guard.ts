import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { HttpRequest, HttpResponse } from '../http/exchange.js';
import { RequestLimit } from './request-limit.js';

/** Counts the requests of an address over all routes. Comes before the token is looked at. */
@Injectable()
export class RequestThrottle implements CanActivate {
  constructor(private readonly limit: RequestLimit) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const http = context.switchToHttp();
    this.limit.count(http.getRequest<HttpRequest>().ip, http.getResponse<HttpResponse>());
    return true;
  }
}
