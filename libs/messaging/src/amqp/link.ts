import { messageOf, type Telemetry } from '@regulars/contracts';
import { type ChannelModel, connect } from 'amqplib';
import { backoffMs } from '../backoff.js';
import { endsWithin } from '../in-hand.js';
import { Signal } from '../signal.js';

const BACKOFF = { firstMs: 200, longestMs: 10_000 };
const CONNECT_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 1_000;

export interface LinkOptions {
  /** amqp:// or amqps://, with credentials; never logged. */
  readonly url: string;
  readonly name: 'publish' | 'consume';
  /** A peer that is silent for two such spans is taken for dead, seconds. */
  readonly heartbeatSeconds: number;
}

/** What went wrong, without the credentials of the URL. */
export function describe(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  const message = messageOf(error).replace(/amqps?:\/\/\S+/g, 'amqp://...');
  return message === '' ? String(code ?? 'unknown error') : message;
}

function withHeartbeat(url: string, seconds: number): string {
  const parsed = new URL(url);
  if (!parsed.searchParams.has('heartbeat')) parsed.searchParams.set('heartbeat', String(seconds));
  return parsed.href;
}

/** One connection to RabbitMQ that is made again, for ever, whenever it is lost. */
export class Link {
  /** Why it is not open; null when it is. */
  fault: string | null = 'connecting';
  /** Why the broker takes nothing from publishers now, or null. */
  blocked: string | null = null;
  private model: ChannelModel | null = null;
  private closed = false;
  private readonly stop = new Signal();
  private readonly settled = new Signal();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: LinkOptions,
    private readonly telemetry: Telemetry,
    /** Makes what lives on the connection; when it throws the connection is given up and made anew. */
    private readonly onOpen: (model: ChannelModel) => Promise<void>,
    private readonly onLost: () => void,
  ) {}

  start(): void {
    this.running = this.run();
  }

  /** Ends once it is open, or known not to open at once. */
  async firstAttempt(): Promise<void> {
    if (this.fault === 'connecting') await this.settled.wait();
  }

  private async run(): Promise<void> {
    for (let failures = 0; !this.closed;) {
      const openedAt = await this.once();
      failures = openedAt === null ? failures + 1 : 1;
      const waitMs = backoffMs(BACKOFF, failures, Math.random());
      if (!this.closed) await endsWithin(this.stop.wait(), waitMs);
    }
  }

  /** Connects and stays until the connection is lost.
   *  @returns when it was open, null when it never was */
  private async once(): Promise<number | null> {
    const abort = new AbortController();
    let openedAt: number | null = null;
    try {
      const model = await this.connect(abort.signal);
      const lost = new Promise<unknown>((resolve) => {
        model.on('error', (error) => resolve(error));
        model.on('close', (error) => resolve(error ?? new Error('connection closed')));
      });
      this.model = model;
      model.on('blocked', (reason) => this.setBlocked(reason || 'resource alarm'));
      model.on('unblocked', () => this.setBlocked(null));
      await Promise.race([this.onOpen(model), lost.then((error) => Promise.reject(error as Error))]);
      openedAt = performance.now();
      this.setFault(null);
      this.setFault(this.closed ? 'closed' : describe(await lost));
    } catch (error) {
      this.setFault(describe(error));
    } finally {
      await this.giveUp(abort);
    }
    return openedAt;
  }

  private connect(signal: AbortSignal): Promise<ChannelModel> {
    const { url, name, heartbeatSeconds } = this.options;
    const socketOptions = {
      timeout: CONNECT_TIMEOUT_MS,
      noDelay: true,
      signal,
      clientProperties: { connection_name: `regulars ${name}` },
    };
    return connect(withHeartbeat(url, heartbeatSeconds), socketOptions);
  }

  private async giveUp(abort: AbortController): Promise<void> {
    const { model } = this;
    this.model = null;
    this.setBlocked(null);
    this.onLost();
    if (model !== null) await endsWithin(model.close(), CLOSE_TIMEOUT_MS);
    // A peer that is gone never answers the goodbye, and its socket would stay.
    abort.abort();
  }

  private setFault(fault: string | null): void {
    if (fault !== this.fault && !this.closed) {
      const facts = { connection: this.options.name, ...(fault === null ? {} : { reason: fault }) };
      if (fault === null) this.telemetry.log.info(facts, 'broker connected');
      else this.telemetry.log.warn(facts, 'broker away');
    }
    this.fault = fault;
    const connection = this.options.name;
    this.telemetry.meter.set('regulars_broker_connected', fault === null ? 1 : 0, { connection });
    this.settled.notify();
  }

  private setBlocked(reason: string | null): void {
    if (reason === this.blocked) return;
    this.blocked = reason;
    if (reason === null) this.telemetry.log.info({}, 'broker takes messages again');
    else this.telemetry.log.warn({ reason }, 'broker blocks publishers');
    this.telemetry.meter.set('regulars_broker_blocked', reason === null ? 0 : 1);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.stop.notify();
    if (this.model !== null) await endsWithin(this.model.close(), CLOSE_TIMEOUT_MS);
    await endsWithin(this.running, 2 * CLOSE_TIMEOUT_MS);
  }
}
