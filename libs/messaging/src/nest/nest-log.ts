import type { LoggerService } from '@nestjs/common';
import { type Log, messageOf } from '@regulars/contracts';

/** Nest's own messages, in the log of the service: what it says while starting is of interest when looking for
 *  a fault only. */
export function nestLog(log: Log): LoggerService {
  const facts = (message: unknown, rest: readonly unknown[]) => ({
    from: String(rest.at(-1) ?? 'nest'),
    says: message instanceof Error ? messageOf(message) : String(message),
  });
  return {
    log: (message: unknown, ...rest: unknown[]) => log.debug(facts(message, rest), 'nest'),
    debug: (message: unknown, ...rest: unknown[]) => log.debug(facts(message, rest), 'nest'),
    verbose: (message: unknown, ...rest: unknown[]) => log.debug(facts(message, rest), 'nest'),
    warn: (message: unknown, ...rest: unknown[]) => log.warn(facts(message, rest), 'nest'),
    error: (message: unknown, ...rest: unknown[]) => log.error(facts(message, rest), 'nest'),
    fatal: (message: unknown, ...rest: unknown[]) => log.error(facts(message, rest), 'nest'),
  };
}
