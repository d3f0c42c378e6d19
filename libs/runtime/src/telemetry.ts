import { inspect } from 'node:util';
import { type Log, type LogFields, redactText, type Telemetry } from '@regulars/contracts';
import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';
import type { Environment } from './environment.js';
import { metricsOfProcess, type Metrics } from './metrics.js';
import { redact } from './redaction.js';

export interface TelemetryOptions {
  /** Name in the log's field and the metrics' label `service`. */
  readonly service: string;
  readonly environment: Pick<Environment, 'logLevel' | 'logFormat'>;
  /** Shared by all services of the process unless given. */
  readonly metrics?: Metrics;
  /** Where lines go; standard output unless given. */
  readonly destination?: DestinationStream;
}

/** Log and meter of one service. Whatever is logged passes through `redact` first. */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  return {
    log: createLog(options),
    meter: (options.metrics ?? metricsOfProcess()).meterOf(options.service),
  };
}

function createLog(options: TelemetryOptions): Log {
  const { logLevel, logFormat } = options.environment;
  const isText = logFormat === 'text' || (logFormat === 'auto' && process.stdout.isTTY === true);
  const lines = options.destination ?? pino.destination({ fd: 1, sync: true });
  const logger = pino(
    {
      level: logLevel,
      base: { service: options.service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    isText ? { write: (line: string) => lines.write(readableLine(line)) } : lines,
  );
  return logOver(logger);
}

function logOver(logger: Logger): Log {
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: LogFields, message: string): void => {
      if (logger.isLevelEnabled(level)) logger[level](redact(fields) as object, redactText(message));
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** `09:00:23 WARN  capture: camera stalled cameraId=door`, from a line of JSON. */
export function readableLine(line: string): string {
  const { time, level, service, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const clock = String(time).slice(11, 19);
  const facts = Object.entries(fields).map(([key, value]) => {
    const shown = typeof value === 'string' ? value : inspect(value, { breakLength: Infinity, depth: 6 });
    return ` ${key}=${shown}`;
  });
  return `${clock} ${String(level).toUpperCase().padEnd(5)} ${String(service)}: ${String(msg)}${facts.join('')}\n`;
}

/** Nest's own log lines, written to a service's log. Nest's start-up chatter is of interest when debugging only. */
export function toNestLogger(log: Log): LoggerService {
  const write =
    (level: 'debug' | 'warn' | 'error') =>
    (message: unknown, ...rest: readonly unknown[]): void => {
      const context = rest.at(-1);
      const details = rest.slice(0, -1);
      const text = message instanceof Error ? message.message : String(message);
      const fields = message instanceof Error ? { error: message } : {};
      log[level]({ context, ...(details.length > 0 ? { details } : {}), ...fields }, text);
    };
  return {
    log: write('debug'),
    debug: write('debug'),
    verbose: write('debug'),
    warn: write('warn'),
    error: write('error'),
    fatal: write('error'),
  };
}
