import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/** Stands between a client and RabbitMQ and does to the network what networks do. */
export class TcpProxy {
  private readonly pairs = new Set<Pair>();
  private away = false;
  private stalled = false;

  private constructor(
    private readonly target: URL,
    private readonly listener: Server,
  ) {
    listener.on('connection', (client) => this.join(client));
  }

  static async open(target: string): Promise<TcpProxy> {
    const listener = createServer({ pauseOnConnect: true });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    return new TcpProxy(new URL(target), listener);
  }

  /** The target's URL, through this proxy. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.listener.address() as AddressInfo).port);
    return url.href;
  }

  get connections(): number {
    return this.pairs.size;
  }

  private join(client: Socket): void {
    if (this.away) {
      client.destroy();
      return;
    }
    const server = connect(Number(this.target.port || 5672), this.target.hostname);
    const pair = { client, server };
    this.pairs.add(pair);
    const part = () => {
      this.pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on('error', part).on('close', part);
    if (!this.stalled) this.flow(pair);
  }

  private flow({ client, server }: Pair): void {
    client.pipe(server);
    server.pipe(client);
  }

  /** Ends all connections at once; new ones come through. */
  reset(): void {
    for (const { client, server } of this.pairs) {
      client.destroy();
      server.destroy();
    }
  }

  /** Ends all connections and refuses new ones until `restore`. */
  cut(): void {
    this.away = true;
    this.reset();
  }

  /** Keeps connections but lets nothing through, as a dead peer does, until `restore`. */
  stall(): void {
    this.stalled = true;
    for (const { client, server } of this.pairs) {
      client.unpipe(server);
      server.unpipe(client);
      client.pause();
      server.pause();
    }
  }

  restore(): void {
    this.away = false;
    if (!this.stalled) return;
    this.stalled = false;
    for (const pair of this.pairs) this.flow(pair);
  }

  /** Writes bytes to every client as if the server had; only while the line is quiet. */
  inject(bytes: Uint8Array): void {
    for (const { client } of this.pairs) client.write(bytes);
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.listener.close(resolve));
  }
}

/** AMQP 0-9-1 method frame on channel 0 of class 10 (connection). */
function connectionMethod(method: number, argumentsOf: Uint8Array): Buffer {
  const payload = Buffer.concat([Buffer.from([0, 10, 0, method]), argumentsOf]);
  const header = Buffer.alloc(7);
  header.writeUInt8(1, 0);
  header.writeUInt16BE(0, 1);
  header.writeUInt32BE(payload.length, 3);
  return Buffer.concat([header, payload, Buffer.from([0xce])]);
}

/** What RabbitMQ sends to publishers when memory or disk run low, and when they are well again. */
export const BLOCKED = connectionMethod(60, Buffer.from('\x0alow memory', 'latin1'));
export const UNBLOCKED = connectionMethod(61, Buffer.alloc(0));
