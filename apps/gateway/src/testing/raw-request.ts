import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Rig } from './rig.js';

/** Sends a path as it is and a body piece by piece. */
export function sendRaw(
  rig: Rig,
  options: { method: string; path: string; headers?: Record<string, string | number> },
  chunks: Iterable<Uint8Array> = [],
): Promise<{ status: number; body: string; headers: IncomingMessage['headers'] }> {
  const { hostname, port } = new URL(rig.gateway.address);
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${rig.token}`, ...options.headers };
    const request = httpRequest({ hostname, port, ...options, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body, headers: response.headers });
        request.destroy();
      });
    });
    request.on('error', reject);
    const write = async () => {
      for (const chunk of chunks) {
        if (request.destroyed) return;
        if (!request.write(chunk)) await new Promise((drained) => request.once('drain', drained));
      }
      if (options.headers?.['expect-nothing'] === undefined) request.end();
    };
    write().catch(reject);
  });
}
