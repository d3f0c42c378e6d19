import { connect } from 'node:net';

/** One request as it goes over the wire. */
export interface Wire {
  readonly method?: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** The bytes of a request; a length is announced unless the headers say how the body ends. */
export function bytesOf({ method = 'POST', path, headers, body }: Wire): Buffer {
  const bytes = Buffer.from(body ?? '');
  const announced = 'transfer-encoding' in headers || body === undefined;
  const all = { host: 'gateway', ...(announced ? {} : { 'content-length': bytes.length }), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1'), bytes]);
}

/** The answer's very bytes, from the first one to the last of the body.
 *  @throws Error when the other side ends the connection before */
export function exchange(address: string, sent: Uint8Array): Promise<string> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect({ host: hostname, port: Number(port) }, () => void socket.write(sent));
    socket.setEncoding('latin1').on('data', (more: string) => {
      text += more;
      if (!isWhole(text)) return;
      socket.destroy();
      resolve(text);
    });
    socket.on('error', reject).on('end', () => reject(new Error(`the answer was cut off: ${text}`)));
  });
}

/** Sends the first bytes of a request and goes away once the gateway has them. */
export function breakOff(address: string, sent: Uint8Array): Promise<void> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) }, () => {
      socket.end(sent, () => socket.destroy());
    });
    socket.on('error', reject).on('close', () => resolve());
  });
}

function isWhole(text: string): boolean {
  const at = text.indexOf('\r\n\r\n');
  if (at < 0) return false;
  const body = text.slice(at + 4);
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, at))?.[1];
  return length === undefined ? body.endsWith('0\r\n\r\n') : body.length >= Number(length);
}
