import type { Log } from '@regulars/contracts';
import type { Socket } from 'socket.io';

/** Messages that may wait for a slow page; a page that comes back is told of at most 1,000 at once. */
const MAX_WAITING = 2_000;

/** Ends the connection of a page that takes its messages too slowly, before they fill the memory. It comes
 *  back by itself and is told what it missed. */
export function guardBacklog(socket: Socket, log: Log, maxWaiting = MAX_WAITING): void {
  let waiting = 0;
  let isClosing = false;
  socket.conn.on('drain', () => {
    waiting = 0;
  });
  socket.conn.on('packetCreate', () => {
    waiting += 1;
    if (waiting <= maxWaiting || isClosing) return;
    isClosing = true;
    log.warn({ waiting }, 'live page too slow; disconnected');
    setImmediate(() => socket.conn.close(true));
  });
}
