import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '@regulars/contracts';
import { freePort } from '@regulars/persistence/testing';
import { ROOT } from '../root.js';

const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 50;
/** Lines of a process's output that are kept for a failure's message. */
const KEPT_LINES = 60;

/** One process of the installation, started as docker compose or `npm start` would, and watched from outside. */
export class ServiceProcess {
  private child: ChildProcess | null = null;
  private lines: string[] = [];
  private text = '';

  private constructor(
    readonly name: string,
    readonly healthPort: number,
    private readonly command: readonly string[],
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** @param command program and arguments, run in the checkout
   *  @param environment its whole environment but PATH and HOME; HEALTH_PORT is replaced by a free port */
  static async create(
    name: string,
    command: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): Promise<ServiceProcess> {
    const healthPort = await freePort();
    const { PATH, HOME } = process.env;
    return new ServiceProcess(name, healthPort, command, {
      PATH,
      HOME,
      ...environment,
      HEALTH_HOST: '127.0.0.1',
      HEALTH_PORT: String(healthPort),
    });
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** What it has written to standard output and error since it was created. */
  get output(): string {
    return this.text;
  }

  /** Starts it, or starts it again; resolves when it is ready.
   *  @throws Error with its last lines when it ends or is not ready in time */
  async start(): Promise<void> {
    this.launch();
    await this.untilReady();
  }

  launch(): void {
    const [program = 'node', ...args] = this.command;
    const child = spawn(program === 'node' ? process.execPath : program, args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: this.environment,
    });
    const keep = (text: string) => {
      this.text += text;
      this.lines = [...this.lines, ...text.split('\n')].slice(-KEPT_LINES);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    this.child = child;
  }

  async untilReady(timeoutMs = READY_TIMEOUT_MS): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    let reason = '';
    while (Date.now() < deadline) {
      if (this.hasEnded())
        throw new Error(
          `${this.name} ended with ${this.child?.exitCode ?? this.child?.signalCode}:\n${this.lines.join('\n')}`,
        );
      try {
        const answer = await fetch(`http://127.0.0.1:${this.healthPort}/health/ready`, {
          signal: AbortSignal.timeout(2_000),
        });
        if (answer.ok) return;
        reason = await answer.text();
      } catch (error) {
        reason = messageOf(error);
      }
      await sleep(POLL_MS);
    }
    throw new Error(`${this.name} is not ready: ${reason}\n${this.lines.join('\n')}`);
  }

  /** The service's metrics in Prometheus' text form. */
  async metrics(): Promise<string> {
    const answer = await fetch(`http://127.0.0.1:${this.healthPort}/metrics`, {
      signal: AbortSignal.timeout(5_000),
    });
    return answer.text();
  }

  /** Ends it and waits until it is gone.
   *  @returns its exit code, or null when the signal killed it */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const { child } = this;
    if (child === null || this.hasEnded()) return child?.exitCode ?? null;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
    return child.exitCode;
  }

  private hasEnded(): boolean {
    return this.child !== null && (this.child.exitCode !== null || this.child.signalCode !== null);
  }
}

/** Sum of a metric's samples over all labels that match, from Prometheus' text form. */
export function sumOfMetric(text: string, name: string, label = ''): number {
  return text
    .split('\n')
    .filter((line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && line.includes(label))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
