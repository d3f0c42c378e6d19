import { Inject } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
} from '@nestjs/websockets';
import {
  type ErrorBody,
  isRegularsError,
  LIVE_MESSAGES,
  type LiveEvent,
  LiveHandshake,
  type LivePicture,
  LiveWatch,
  RegularsError,
  type Telemetry,
} from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import type { Server, Socket } from 'socket.io';
import { errorAnswerOf } from '../http/error-answer.js';
import { requestInvalid } from '../http/validation.js';
import { LivePictures, type PictureAudience } from '../pictures/live-pictures.js';
import { SignIn } from '../sign-in/sign-in.js';
import { TELEMETRY } from '../telemetry.js';
import { LiveStream } from './live-stream.js';
import { guardBacklog } from './backlog.js';

/** Measured: 1,000 pages at 50 events/s are still served by one process on two cores, 2,000 overload it. */
const MAX_PAGES = 1_000;

const storeRoom = (storeId: string) => `store:${storeId}`;
const cameraRoom = (cameraId: string) => `camera:${cameraId}`;

/** The socket of the live page. */
@WebSocketGateway({
  serveClient: false,
  maxHttpBufferSize: 16_384,
  perMessageDeflate: false,
  connectTimeout: 10_000,
})
export class LiveGateway
  implements OnGatewayInit<Server>, OnGatewayConnection<Socket>, OnGatewayDisconnect<Socket>, PictureAudience
{
  @WebSocketServer()
  private readonly server!: Server;

  constructor(
    private readonly signIn: SignIn,
    private readonly stream: LiveStream,
    private readonly pictures: LivePictures,
    @Inject(TELEMETRY) private readonly telemetry: Telemetry,
  ) {}

  afterInit(server: Server): void {
    server.use((socket, next) => {
      this.admit(socket).then(
        () => next(),
        (error: unknown) => next(this.refusalOf(error)),
      );
    });
    this.stream.listen((event) => this.tell(event));
    this.pictures.start(this);
  }

  /** Joining and catching up happen in one turn, so that no event falls between them or comes twice. */
  handleConnection(socket: Socket): void {
    const { storeId, since } = socket.data as LiveHandshake;
    guardBacklog(socket, this.telemetry.log);
    void socket.join(storeRoom(storeId));
    this.countPages();
    if (since === undefined) return;
    const missed = this.stream.ring.missedSince(since, storeId);
    if (missed === null) socket.emit(LIVE_MESSAGES.reset, this.stream.ring.position);
    for (const event of missed ?? []) socket.emit(LIVE_MESSAGES.event, event);
  }

  handleDisconnect(): void {
    this.countPages();
  }

  /** @returns to the page, when it asks for an acknowledgement: what it watches now, or what was wrong */
  @SubscribeMessage(LIVE_MESSAGES.watch)
  onWatch(
    @ConnectedSocket() socket: Socket,
    @MessageBody() body: unknown,
  ): { watching: LiveWatch } | { error: ErrorBody['error'] } {
    const wanted = LiveWatch.safeParse(body);
    if (!wanted.success) {
      return errorAnswerOf(requestInvalid(wanted.error.issues), newId('req')).body;
    }
    const rooms = new Set(wanted.data.map(cameraRoom));
    for (const room of [...socket.rooms]) {
      if (room.startsWith('camera:') && !rooms.has(room)) void socket.leave(room);
    }
    for (const room of rooms) void socket.join(room);
    return { watching: wanted.data };
  }

  isWatched(cameraId: string): boolean {
    return (this.server.of('/').adapter.rooms.get(cameraRoom(cameraId))?.size ?? 0) > 0;
  }

  show(picture: LivePicture, jpeg: Uint8Array): void {
    this.server.to(cameraRoom(picture.cameraId)).volatile.emit(LIVE_MESSAGES.picture, picture, jpeg);
  }

  private tell(event: LiveEvent): void {
    const audience = event.storeId === null ? this.server : this.server.to(storeRoom(event.storeId));
    audience.emit(LIVE_MESSAGES.event, event);
  }

  private async admit(socket: Socket): Promise<void> {
    const auth: unknown = socket.handshake.auth;
    const token = (auth as { token?: unknown } | null)?.token;
    const text = typeof token === 'string' ? token : undefined;
    const { role } = await this.signIn.checkToken(text, socket.handshake.address);
    if (role !== 'owner') throw new RegularsError('TOKEN_FORBIDDEN');
    const handshake = LiveHandshake.safeParse(auth);
    if (!handshake.success) throw requestInvalid(handshake.error.issues);
    if (this.server.of('/').sockets.size >= MAX_PAGES)
      throw new RegularsError('RATE_LIMITED', { retryAfterS: 30 });
    const { storeId, since } = handshake.data;
    socket.data = { storeId, since };
  }

  private refusalOf(error: unknown): Error {
    const { body } = errorAnswerOf(error, newId('req'));
    if (!isRegularsError(error)) {
      const { requestId } = body.error;
      this.telemetry.log.error({ requestId, reason: String(error) }, 'live page not admitted');
    }
    return Object.assign(new Error(body.error.code), { data: body.error });
  }

  private countPages(): void {
    this.telemetry.meter.set('regulars_live_clients', this.server.of('/').sockets.size);
  }
}
