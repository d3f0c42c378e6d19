import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { SILENT } from '@regulars/contracts';
import { Server } from 'socket.io';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openPage, connected } from '../testing/rig.js';
import { guardBacklog } from './backlog.js';

const EVENT = { text: 'x'.repeat(1_000) };

describe('the backlog of a page', () => {
  const closings: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const close of closings.splice(0).reverse()) await close();
  });

  async function serve(maxWaiting: number) {
    const http = createServer();
    const server = new Server(http, { perMessageDeflate: false });
    server.on('connection', (socket) => guardBacklog(socket, SILENT.log, maxWaiting));
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const { port } = http.address() as AddressInfo;
    closings.push(() => server.close());
    return { server, port };
  }

  it('never ends a page that takes its events, however many there are', async () => {
    const { server, port } = await serve(100);
    const page = openPage(`http://127.0.0.1:${port}`, {});
    closings.push(() => void page.socket.disconnect());
    await connected(page);
    for (let burst = 0; burst < 20; burst++) {
      for (let i = 0; i < 50; i++) server.emit('event', EVENT);
      await vi.waitFor(() => expect(page.events).toHaveLength((burst + 1) * 50));
    }
    expect(page.socket.connected).toBe(true);
  });

  it('ends a page that stopped reading before much is kept for it', async () => {
    const { server, port } = await serve(100);
    const socket = connect(port, '127.0.0.1');
    closings.push(() => void socket.destroy());
    socket.write(
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n' +
        'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    await new Promise((resolve) => socket.once('data', resolve));
    socket.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x34, 0x30]));
    await vi.waitFor(() => expect(server.of('/').sockets.size).toBe(1));
    socket.pause();
    let sent = 0;
    await vi.waitFor(
      () => {
        for (let i = 0; i < 200; i++, sent++) server.emit('event', EVENT);
        expect(server.of('/').sockets.size).toBe(0);
      },
      { timeout: 10_000, interval: 1 },
    );
    expect(sent).toBeLessThan(20_000);
  });
});
