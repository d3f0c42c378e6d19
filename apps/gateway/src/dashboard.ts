import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { HttpRequest, HttpResponse, Middleware } from './http/exchange.js';

/** Paths that are never the page's. */
const RESERVED = /^\/+(?:v1|docs|health|metrics|socket\.io)(?:\/|$)/i;

/** Where the page is built in the checkout, seen from the sources as from the build. */
const BUILT_PAGE = fileURLToPath(new URL('../../dashboard/dist', import.meta.url));

const NOT_BUILT = `The live page has not been built.
Run "npm run build" and load this page again, or set DASHBOARD_DIR to the folder of a built page.
The API is described at /docs.
`;

/** Whether a request is for a view of the page, which its own script tells apart, rather than for a file. */
export function isPageView(request: Pick<HttpRequest, 'method' | 'path' | 'headers'>): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  if (RESERVED.test(request.path) || /\.[a-z0-9]+$/i.test(request.path)) return false;
  return /text\/html|\*\/\*/.test(request.headers.accept ?? '*/*');
}

/** How long a file of the page may be kept: those below assets/ carry a hash of their content in the name. */
export function cacheControlOf(path: string): string {
  return /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';
}

/** Serves the built live page; its index.html for every address that is no file and not the API's.
 *  @param folder need not exist yet */
export function serveDashboard(app: NestExpressApplication, folder = BUILT_PAGE): void {
  app.useStaticAssets(folder, {
    index: false,
    redirect: false,
    dotfiles: 'ignore',
    setHeaders: (response: HttpResponse, path: string) => {
      response.setHeader('Cache-Control', cacheControlOf(path));
    },
  });
  const page: Middleware = (request, response, next) => {
    if (!isPageView(request)) {
      next();
      return;
    }
    sendPage(folder, request, response).catch(next);
  };
  app.use(page);
}

async function sendPage(folder: string, request: HttpRequest, response: HttpResponse): Promise<void> {
  const index = join(folder, 'index.html');
  const size = await sizeOf(index);
  response.setHeader('Cache-Control', 'no-cache');
  if (size === null) {
    response.setHeader('Content-Type', 'text/plain; charset=utf-8');
    response.end(NOT_BUILT);
    return;
  }
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.setHeader('Content-Length', size);
  if (request.method === 'HEAD') response.end();
  else
    createReadStream(index)
      .on('error', () => response.destroy())
      .pipe(response);
}

/** @returns null when there is no such file */
async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
