import type { Log } from '@regulars/contracts';
import type { Environment } from './environment.js';
import { EXIT_FAILURE, EXIT_INTERRUPTED, explainFailure } from './failure.js';
import { collectFaults, type HealthServer, startHealthServer } from './health.js';
import { metricsOfProcess, type Metrics } from './metrics.js';
import type { RunningService } from './service.js';

/** Something to start: a service, or what services stand on (store, broker), which comes before them. */
export interface Startable {
  readonly name: string;
  start(): Promise<RunningService>;
}

/** The part of `process` that is used; tests of a single process pass their own. */
export interface Host {
  on(event: string, listener: (...values: unknown[]) => void): unknown;
  off(event: string, listener: (...values: unknown[]) => void): unknown;
  exit(code: number): void;
}

export interface RunOptions {
  readonly environment: Pick<Environment, 'healthHost' | 'healthPort' | 'shutdownTimeoutMs'>;
  readonly log: Log;
  /** Started in this order, stopped in the reverse one. */
  readonly services: readonly Startable[];
  readonly metrics?: Metrics;
  readonly host?: Host;
}

export interface RunningProcess {
  readonly healthPort: number;
  /** Stops everything and exits, like SIGTERM.
   *  @param code exit code when all stopped in time */
  stop(code?: number): Promise<void>;
}

const CHECK_TIMEOUT_MS = 2_000;
/** npm passes Ctrl-C on to a process that the terminal has told already: one press, two signals. */
const SAME_PRESS_MS = 300;

/** Runs services until SIGINT or SIGTERM and ends the process then: 0 when all stopped within
 *  SHUTDOWN_TIMEOUT_MS, 1 otherwise, 130 at once on a second signal. An uncaught error stops everything and
 *  ends with 1. /health/live answers from the beginning; /health/ready once all are started.
 *  @returns null when the start failed or was interrupted: the reason is logged and the exit code given
 *  (78 for a wrong configuration, otherwise 1) */
export async function runServices(options: RunOptions): Promise<RunningProcess | null> {
  const run = new Run(options);
  run.listen();
  try {
    const healthPort = await run.start();
    return healthPort === null ? null : { healthPort, stop: (code) => run.stop(code ?? 0) };
  } catch (error) {
    await run.stop(explainFailure(options.log, error, 'not started'));
    return null;
  }
}

class Run {
  private readonly running = new Map<string, RunningService>();
  private readonly host: Host;
  private health: HealthServer | null = null;
  private stopped: Promise<void> | null = null;
  private signalledAt = -Infinity;
  private interrupt: () => void = () => {};
  private readonly interrupted = new Promise<null>((resolve) => {
    this.interrupt = () => resolve(null);
  });

  constructor(private readonly options: RunOptions) {
    this.host = options.host ?? process;
  }

  listen(): void {
    for (const signal of ['SIGINT', 'SIGTERM']) this.host.on(signal, this.onSignal);
    for (const event of ['uncaughtException', 'unhandledRejection']) this.host.on(event, this.onUncaught);
  }

  private unlisten(): void {
    for (const signal of ['SIGINT', 'SIGTERM']) this.host.off(signal, this.onSignal);
    for (const event of ['uncaughtException', 'unhandledRejection']) this.host.off(event, this.onUncaught);
  }

  /** @returns the port of the health server, or null when a signal came first */
  async start(): Promise<number | null> {
    const { environment, log, services } = this.options;
    const startedAt = performance.now();
    this.health = await startHealthServer({
      host: environment.healthHost,
      port: environment.healthPort,
      metrics: this.options.metrics ?? metricsOfProcess(),
      faults: () => this.faults(),
    });
    for (const service of services) {
      if (!(await this.startOne(service))) return null;
    }
    const { port } = this.health;
    const startMs = Math.round(performance.now() - startedAt);
    log.info({ services: services.map(({ name }) => name), healthPort: port, startMs }, 'ready');
    return port;
  }

  /** @returns false when a signal came first; what is being started is then stopped as soon as it is up */
  private async startOne({ name, start }: Startable): Promise<boolean> {
    if (this.stopped) return false;
    const starting = start();
    this.running.set(name, {
      faults: () => Promise.resolve({ start: 'starting' }),
      stop: async () => (await starting).stop(),
    });
    try {
      const service = await Promise.race([starting, this.interrupted]);
      if (service === null) return false;
      this.running.set(name, service);
      return true;
    } catch (error) {
      this.running.delete(name);
      throw error;
    }
  }

  /** Stops all once, however often it is called, then exits. */
  stop(code: number): Promise<void> {
    this.interrupt();
    this.stopped ??= this.stopAll(code);
    return this.stopped;
  }

  private async faults(): Promise<Record<string, Readonly<Record<string, string>>>> {
    if (this.stopped) return { process: { shutdown: 'stopping' } };
    return collectFaults(this.running, CHECK_TIMEOUT_MS);
  }

  private async stopAll(code: number): Promise<void> {
    const { log, environment } = this.options;
    const deadline = performance.now() + environment.shutdownTimeoutMs;
    const late: string[] = [];
    const rest = [...this.running].reverse();
    for (const [index, [name, service]] of rest.entries()) {
      // One that hangs gets half of what is left, so that the store below it can still close.
      const leftMs = Math.max(0, deadline - performance.now());
      const shareMs = index === rest.length - 1 ? leftMs : leftMs / 2;
      if (!(await this.stopsWithin(name, service, shareMs))) late.push(name);
    }
    await this.health?.close();
    if (late.length > 0) log.error({ services: late }, 'not stopped in time');
    else log.info({}, 'stopped');
    this.unlisten();
    this.host.exit(late.length > 0 ? code || EXIT_FAILURE : code);
  }

  private async stopsWithin(name: string, service: RunningService, timeoutMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), timeoutMs);
    });
    try {
      return await Promise.race([service.stop().then(() => true), late]);
    } catch (error) {
      explainFailure(this.options.log, error, `${name} failed to stop`);
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  private readonly onSignal = (signal: unknown): void => {
    const now = performance.now();
    if (now - this.signalledAt < SAME_PRESS_MS) return;
    if (this.stopped) {
      this.host.exit(EXIT_INTERRUPTED);
      return;
    }
    this.signalledAt = now;
    this.options.log.info({ signal: String(signal) }, 'stopping');
    void this.stop(0);
  };

  private readonly onUncaught = (error: unknown): void => {
    explainFailure(this.options.log, error, 'unforeseen error; stopping');
    void this.stop(EXIT_FAILURE);
  };
}
