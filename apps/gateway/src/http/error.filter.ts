import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { type Log, messageOf } from '@regulars/contracts';
import { errorAnswerOf } from './error-answer.js';
import type { HttpRequest, HttpResponse } from './exchange.js';

/** Gives every error answer the one documented form. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    const response = http.getResponse<HttpResponse>();
    const answer = errorAnswerOf(thrown, request.requestId);
    if (answer.status >= 500) this.report(thrown, request, answer.body.error.code);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
    response.statusCode = answer.status;
    response.removeHeader('Content-Disposition');
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.end(JSON.stringify(answer.body));
  }

  private report(thrown: unknown, request: HttpRequest, code: string): void {
    const fields = { requestId: request.requestId, method: request.method, code };
    const details = code === 'INTERNAL' && thrown instanceof Error ? { stack: thrown.stack } : {};
    this.log.error({ ...fields, reason: messageOf(thrown), ...details }, 'request failed');
  }
}
