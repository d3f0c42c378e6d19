import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
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
 *  @param whole name of what was parsed, for an issue that is about all of it */
export function wrongFieldsOf(issues: readonly Issue[], whole = 'body'): Record<string, string> {
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
      const name = where.join('.').slice(0, MAX_PATH_LENGTH) || whole;
      fields[name] ??= reason;
    }
  }
  return fields;
}

export function requestInvalid(issues: readonly Issue[], whole?: string): RegularsError {
  return new RegularsError('REQUEST_INVALID', wrongFieldsOf(issues, whole));
}

/** Parses bodies, queries and path parameters by the schema given with their decorator. */
@Injectable()
export class SchemaPipe implements PipeTransform {
  async transform(value: unknown, { schema, data }: ArgumentMetadata): Promise<unknown> {
    if (schema === undefined) return value;
    const result = await schema['~standard'].validate(value);
    if (result.issues) throw requestInvalid(result.issues, data);
    return result.value;
  }
}
