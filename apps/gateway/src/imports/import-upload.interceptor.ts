import { mkdir } from 'node:fs/promises';
import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { RegularsError } from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import multer from 'multer';
import type { Observable } from 'rxjs';
import type { HttpRequest, HttpResponse } from '../http/exchange.js';
import { UPLOAD_PREFIX } from './importer.js';

export const IMPORTS_FOLDER = Symbol('ImportsFolder');
export const MAX_IMPORT_BYTES = 200 * 1024 * 1024;
/** The file, the fields and the lines between them. */
const MAX_BODY_BYTES = MAX_IMPORT_BYTES + 64 * 1024;

type Read = (request: unknown, response: unknown, done: (error?: unknown) => void) => void;

/** Streams the file of an import to disk, so that none of it stays in memory. */
@Injectable()
export class ImportUpload implements NestInterceptor {
  private readonly read: Read;

  constructor(@Inject(IMPORTS_FOLDER) private readonly folder: string) {
    const storage = multer.diskStorage({
      destination: folder,
      filename: (_request, _file, name) => name(null, `${UPLOAD_PREFIX}${newId('req')}`),
    });
    const limits = { fileSize: MAX_IMPORT_BYTES, files: 1, fields: 4, fieldSize: 1_000, headerPairs: 20 };
    this.read = multer({ storage, limits }).single('file') as unknown as Read;
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    const response = http.getResponse<HttpResponse>();
    const bytes = Number(request.headers['content-length'] ?? 0);
    if (bytes > MAX_BODY_BYTES) {
      response.setHeader('Connection', 'close');
      throw new RegularsError('REQUEST_TOO_LARGE', { bytes, maxBytes: MAX_BODY_BYTES });
    }
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await new Promise<void>((resolve, reject) => {
      this.read(request, response, (error?: unknown) => {
        if (error === undefined || error === null) resolve();
        else reject(uploadError(error));
      });
    });
    return next.handle();
  }
}

function uploadError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error || error.message.startsWith('Multipart'))) return error;
  const { code } = error as { code?: unknown };
  const options = { cause: error };
  if (code === 'LIMIT_FILE_SIZE')
    return new RegularsError('REQUEST_TOO_LARGE', { maxBytes: MAX_IMPORT_BYTES }, options);
  const isOfForm = code === undefined || (typeof code === 'string' && code.startsWith('LIMIT_'));
  return isOfForm ? new RegularsError('REQUEST_INVALID', { body: error.message }, options) : error;
}
