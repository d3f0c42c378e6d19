import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { type Log, messageOf } from '@regulars/contracts';
import { errorAnswerOf } from './error-answer.js';
import { type HttpRequest, type HttpResponse, JSON_TYPE } from './exchange.js';

/** Gives every error answer the one documented form. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendError(thrown, http.getRequest<HttpRequest>(), http.getResponse<HttpResponse>(), this.log);
  }
}

/** Answers a request with what was thrown while it was handled. */
export function sendError(thrown: unknown, request: HttpRequest, response: HttpResponse, log: Log): void {
  const answer = errorAnswerOf(thrown, request.requestId);
  if (answer.status >= 500) report(thrown, request, answer.body.error.code, log);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  response.statusCode = answer.status;
  response.removeHeader('Content-Disposition');
  response.setHeader('Content-Type', JSON_TYPE);
  response.end(JSON.stringify(answer.body));
}

function report(thrown: unknown, request: HttpRequest, code: string, log: Log): void {
  const fields = { requestId: request.requestId, method: request.method, code };
  const details = code === 'INTERNAL' && thrown instanceof Error ? { stack: thrown.stack } : {};
  log.error({ ...fields, reason: messageOf(thrown), ...details }, 'request failed');
}
