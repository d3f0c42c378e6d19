import { LIVE_MESSAGES, LiveEvent, LiveHandshake, LivePicture, tolerant } from '@regulars/contracts';
import { io, type Socket } from 'socket.io-client';
import type { LiveAction, LiveState } from './live-state.js';
import type { PictureFeed } from './picture-feed.js';
import { WatchList } from './watch-list.js';

/** Pause before asking again a gateway that refused the connection for another reason than the token. */
const REFUSED_RETRY_MS = 3_000;

const Event = tolerant(LiveEvent);
const Picture = tolerant(LivePicture);
const Position = tolerant(LiveHandshake.shape.since);

export interface LiveConnectionOptions {
  readonly token: string;
  readonly storeId: string;
  readonly feed: PictureFeed;
  readonly dispatch: (action: LiveAction) => void;
  /** The last event taken in, asked for at every (re)connect. */
  readonly position: () => LiveState['position'];
  readonly onSignedOut: () => void;
}

/** The page's one Socket.IO connection: joins, catches up after an interruption, and says what is watched. */
export class LiveConnection {
  readonly watch: WatchList;
  readonly #socket: Socket;
  readonly #options: LiveConnectionOptions;
  #retry: number | undefined;

  constructor(options: LiveConnectionOptions) {
    this.#options = options;
    this.#socket = io({
      autoConnect: false,
      transports: ['websocket', 'polling'],
      reconnectionDelay: 500,
      reconnectionDelayMax: 5_000,
      auth: (send) => {
        const { token, storeId } = options;
        const since = options.position();
        send(since === null ? { token, storeId } : { token, storeId, since });
      },
    });
    this.watch = new WatchList((cameraIds) => {
      if (this.#socket.connected) this.#socket.emit(LIVE_MESSAGES.watch, cameraIds);
    });
    this.#listen();
  }

  open(): void {
    this.#socket.connect();
  }

  close(): void {
    window.clearTimeout(this.#retry);
    this.#socket.disconnect();
  }

  #listen(): void {
    const { dispatch, feed } = this.#options;
    const socket = this.#socket;
    socket.on('connect', () => {
      dispatch({ kind: 'opened', at: now() });
      this.watch.repeat();
    });
    socket.on('disconnect', (reason) => {
      dispatch({ kind: 'lost', at: now() });
      // Only then does the client not reconnect by itself.
      if (reason === 'io server disconnect') this.#connectLater();
    });
    socket.on('connect_error', (error) => {
      if (isTokenRefused(error)) {
        this.close();
        this.#options.onSignedOut();
        return;
      }
      dispatch({ kind: 'lost', at: now() });
      if (!socket.active) this.#connectLater();
    });
    socket.on(LIVE_MESSAGES.reset, (message: unknown) => {
      const position = Position.safeParse(message);
      dispatch({ kind: 'reset', at: now(), position: (position.success && position.data) || null });
    });
    socket.on(LIVE_MESSAGES.event, (message: unknown) => {
      const event = Event.safeParse(message);
      if (event.success) dispatch({ kind: 'event', event: event.data });
    });
    socket.on(LIVE_MESSAGES.picture, (message: unknown, jpeg: unknown) => {
      const picture = Picture.safeParse(message);
      if (!picture.success || !(jpeg instanceof ArrayBuffer)) return;
      feed.publish({ picture: picture.data, jpeg: new Blob([jpeg], { type: 'image/jpeg' }) });
    });
  }

  #connectLater(): void {
    window.clearTimeout(this.#retry);
    this.#retry = window.setTimeout(() => this.#socket.connect(), REFUSED_RETRY_MS);
  }
}

function now(): string {
  return new Date().toISOString();
}

/** Whether the handshake was refused for the token: the gateway names the error's code. */
function isTokenRefused(error: Error & { data?: unknown }): boolean {
  const code =
    typeof error.data === 'object' && error.data !== null && 'code' in error.data
      ? error.data.code
      : error.message;
  return code === 'TOKEN_UNKNOWN' || code === 'TOKEN_MISSING';
}
