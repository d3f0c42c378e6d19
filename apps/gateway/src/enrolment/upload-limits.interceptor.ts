import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { RegularsError } from '@regulars/contracts';
import { finalize, type Observable } from 'rxjs';
import type { HttpRequest, HttpResponse } from '../http/exchange.js';

export const MAX_PHOTOGRAPHS = 10;
export const MAX_PHOTOGRAPH_BYTES = 10 * 1024 * 1024;
/** All photographs and the lines between them. */
export const MAX_UPLOAD_BYTES = MAX_PHOTOGRAPHS * MAX_PHOTOGRAPH_BYTES + 64 * 1024;
/** Uploads in hand at a time: each may hold 100 MB in memory. */
export const MAX_UPLOADS = 3;
const RETRY_AFTER_S = 5;

/** Turns away an upload that says it is too large before a byte of it is read, and more uploads at a time than
 *  the memory is meant for. Goes before the interceptor that reads the files. */
@Injectable()
export class UploadLimits implements NestInterceptor {
  private inHand = 0;

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const bytes = Number(http.getRequest<HttpRequest>().headers['content-length'] ?? 0);
    if (bytes > MAX_UPLOAD_BYTES) {
      http.getResponse<HttpResponse>().setHeader('Connection', 'close');
      throw new RegularsError('REQUEST_TOO_LARGE', { bytes, maxBytes: MAX_UPLOAD_BYTES });
    }
    if (this.inHand >= MAX_UPLOADS) throw new RegularsError('RATE_LIMITED', { retryAfterS: RETRY_AFTER_S });
    this.inHand += 1;
    return next.handle().pipe(finalize(() => (this.inHand -= 1)));
  }
}
