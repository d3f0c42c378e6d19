import { isRegularsError, type Log, messageOf } from '@regulars/contracts';
import { createMetrics } from './metrics.js';
import { createTelemetry } from './telemetry.js';

/** sysexits.h EX_CONFIG: a supervisor need not try again before somebody mends the configuration. */
export const EXIT_CONFIGURATION = 78;
export const EXIT_FAILURE = 1;
/** Ended by a second Ctrl-C: 128 + SIGINT. */
export const EXIT_INTERRUPTED = 130;

/** One log line that says what failed, about which fields, and what to do.
 *  @returns the exit code: 78 for a wrong configuration, otherwise 1 */
export function explainFailure(log: Log, error: unknown, message: string): number {
  if (!isRegularsError(error)) {
    log.error({ code: 'INTERNAL', reason: messageOf(error), error }, message);
    return EXIT_FAILURE;
  }
  const cause = error.cause === undefined ? {} : { cause: messageOf(error.cause) };
  log.error(
    { code: error.code, reason: error.message, fields: error.fields, remedy: error.remedy, ...cause },
    message,
  );
  return error.code === 'CONFIGURATION_INVALID' ? EXIT_CONFIGURATION : EXIT_FAILURE;
}

/** For failures before there is a logger: writes the same line to standard output.
 *  @returns the exit code */
export function explainEarlyFailure(error: unknown): number {
  const { log } = createTelemetry({
    service: 'regulars',
    environment: { logLevel: 'error', logFormat: 'auto' },
    metrics: createMetrics(),
  });
  return explainFailure(log, error, 'not started');
}
