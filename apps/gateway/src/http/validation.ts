import { StandardSchemaValidationPipe } from '@nestjs/common';
import { RegularsError } from '@regulars/contracts';

/** An issue as zod reports it through Standard Schema. */
export interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[];
  /** Set by zod. */
  readonly code?: unknown;
  readonly keys?: unknown;
}

/** More than a person will mend in one go; keeps the answer to a hostile body small. */
const MAX_FIELDS = 50;
const MAX_PATH_LENGTH = 120;

/** Every wrong field by its path (`consent.givenAt`), each with the reason; unknown fields by their own name.
 *  The whole body or query is named `body`. */
export function wrongFieldsOf(issues: readonly Issue[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const issue of issues) {
    const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
    const unknown = issue.code === 'unrecognized_keys' && Array.isArray(issue.keys) ? issue.keys : null;
    const found: [string[], string][] =
      unknown === null
        ? [[path, issue.message]]
        : unknown.map((key): [string[], string] => [[...path, String(key)], 'unknown field']);
    for (const [where, reason] of found) {
      if (Object.keys(fields).length >= MAX_FIELDS) return fields;
      const name = where.join('.').slice(0, MAX_PATH_LENGTH) || 'body';
      fields[name] ??= reason;
    }
  }
  return fields;
}

export function requestInvalid(issues: readonly Issue[]): RegularsError {
  return new RegularsError('REQUEST_INVALID', wrongFieldsOf(issues));
}

/** Parses bodies, queries and path parameters by the schema given with their decorator. */
export function validationPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues) => requestInvalid(issues as Issue[]),
  });
}
