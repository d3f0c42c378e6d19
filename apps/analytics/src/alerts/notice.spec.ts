import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AlertRaised, SILENT, type MetricLabels, type Telemetry } from '@regulars/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendNotice, signedHeaders } from './notice.js';
import { NoticesController } from './notices.controller.js';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const NOTICE = { id: 'evt_1', body: '{"type":"alert.raised"}' };

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe('a notice', () => {
  let server: Server;
  let url: string;
  let status = 204;
  let location: string | null = null;
  const received: Received[] = [];
  const counted: MetricLabels[] = [];
  const telemetry: Telemetry = {
    ...SILENT,
    meter: { ...SILENT.meter, count: (_, labels = {}) => void counted.push(labels) },
  };
  const send = () => sendNotice(NOTICE, { url, secret: SECRET }, telemetry, Date.now());

  beforeEach(async () => {
    [status, location] = [204, null];
    received.length = 0;
    counted.length = 0;
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        received.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
        response.writeHead(status, location === null ? {} : { location }).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('has the signature that the specification gives for its own example', () => {
    // standardwebhooks.com, "Signature scheme": the values of the reference libraries' test.
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const notice = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}' };
    expect(signedHeaders(notice, secret, 1_614_265_330)['webhook-signature']).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('is signed by the new and the old secret while they are being changed', () => {
    const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
    const [one, two, both] = [SECRET, other, `${other} ${SECRET}`].map(
      (secret) => signedHeaders(NOTICE, secret, 1)['webhook-signature'],
    );
    expect(both).toBe(`${two} ${one}`);
    expect(one).not.toBe(two);
  });

  it('arrives signed, with the id of its event', async () => {
    await send();
    const [{ headers, body } = { headers: {}, body: '' }] = received;
    expect(headers).toMatchObject({ 'webhook-id': 'evt_1', 'content-type': 'application/json' });
    const time = String(headers['webhook-timestamp']);
    const key = Buffer.alloc(32, 7);
    const expected = createHmac('sha256', key).update(`evt_1.${time}.${body}`).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${expected}`);
    expect(Math.abs(Number(time) - Date.now() / 1_000)).toBeLessThan(5);
    expect(counted).toEqual([{ result: 'delivered' }]);
  });

  it.each([500, 503, 429, 408])('is tried again after the answer %i', async (answer) => {
    status = answer;
    await expect(send()).rejects.toMatchObject({ name: 'TransientError', code: 'NOTICE_UNDELIVERED' });
    expect(counted).toEqual([{ result: 'undelivered' }]);
  });

  it.each([400, 401, 404, 410])('is given up after the answer %i', async (answer) => {
    status = answer;
    await expect(send()).rejects.toMatchObject({ name: 'RegularsError', code: 'NOTICE_REFUSED' });
    expect(counted).toEqual([{ result: 'refused' }]);
  });

  it('is not carried on to where a redirect leads', async () => {
    [status, location] = [307, url];
    await expect(send()).rejects.toMatchObject({ code: 'NOTICE_REFUSED' });
    expect(received).toHaveLength(1);
  });

  it('is tried again where nobody listens, and the error tells nothing of the address', async () => {
    await new Promise((resolve) => server.close(resolve));
    const target = { url: url.replace('hook', 'token-in-the-path'), secret: SECRET };
    const error: unknown = await sendNotice(NOTICE, target, telemetry, Date.now()).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'NOTICE_UNDELIVERED', fields: { problem: 'ECONNREFUSED' } });
    expect(JSON.stringify(error)).not.toContain('token-in-the-path');
  });

  it('carries nothing of who it is', async () => {
    const delivery = { eventId: 'evt_2' } as Parameters<NoticesController['onAlert']>[1];
    await new NoticesController({ url, secret: SECRET }, telemetry).onAlert(AlertRaised.example, delivery);
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({
      type: 'alert.raised',
      timestamp: AlertRaised.example.raisedAt,
      data: {
        alertId: AlertRaised.example.alertId,
        kind: 'dissatisfied-at-till',
        storeId: 'main',
        tillId: 'till-1',
        cameraId: 'till',
        since: AlertRaised.example.since,
      },
    });
  });

  it('goes nowhere where no receiver is set', async () => {
    const delivery = { eventId: 'evt_2' } as Parameters<NoticesController['onAlert']>[1];
    await new NoticesController(null, telemetry).onAlert(AlertRaised.example, delivery);
    expect(received).toEqual([]);
  });
});
