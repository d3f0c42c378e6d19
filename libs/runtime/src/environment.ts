import { RegularsError } from '@regulars/contracts';
import type { z } from 'zod';
import { environmentTable, type VariableDefinition } from './variables.js';

type Table = typeof environmentTable;
export type VariableName = keyof Table;

type Camel<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<Camel<Tail>>}`
  : Lowercase<Name>;
type FieldName<Name extends string> = Name extends `REGULARS_${infer Rest}` ? Camel<Rest> : Camel<Name>;
type ValueOf<Variable> = Variable extends { schema: z.ZodType<infer Value> }
  ? Variable extends { default: string }
    ? Value
    : Value | undefined
  : never;

/** The environment of the process, parsed: one field a variable, in camel case without the prefix REGULARS_
 *  (RABBITMQ_URL is `rabbitmqUrl`, REGULARS_MASTER_KEY is `masterKey`). Undefined: not set. */
export type Environment = { readonly [Name in VariableName as FieldName<Name>]: ValueOf<Table[Name]> };

/** The field of Environment that holds a variable. */
export function fieldOf(name: string): string {
  return name
    .replace(/^REGULARS_/, '')
    .toLowerCase()
    .replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Parses all variables of the table; others are left alone. An empty text counts as not set.
 *  @throws RegularsError CONFIGURATION_INVALID naming every wrong variable with its reason; the value of a
 *  secret is never part of it */
export function parseEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const values: Record<string, unknown> = {};
  const wrong: Record<string, string> = {};
  for (const [name, variable] of Object.entries<VariableDefinition>(environmentTable)) {
    const text = env[name]?.trim() || variable.default;
    if (text === undefined) continue;
    const result = variable.schema.safeParse(text);
    if (result.success) values[fieldOf(name)] = result.data;
    else wrong[name] = reasonOf(result.error, variable, text);
  }
  if (values['mongodbUri'] !== undefined && values['masterKey'] === undefined) {
    wrong['REGULARS_MASTER_KEY'] ??= 'must be set together with MONGODB_URI: the services share it';
  }
  if (values['alertWebhookUrl'] !== undefined && values['alertWebhookSecret'] === undefined) {
    wrong['ALERT_WEBHOOK_SECRET'] ??= 'must be set together with ALERT_WEBHOOK_URL: it signs what is sent';
  }
  if (Object.keys(wrong).length > 0) throw new RegularsError('CONFIGURATION_INVALID', wrong);
  return values as Environment;
}

const LONGEST_VALUE = 60;

function reasonOf(error: z.ZodError, variable: VariableDefinition, text: string): string {
  const reasons = error.issues.map((issue) => {
    // The message of this kind repeats the unknown keys, which are part of the value.
    const message = issue.code === 'unrecognized_keys' ? 'has a field that is not known' : issue.message;
    return issue.path.length > 0 ? `${issue.path.map(String).join('.')}: ${message}` : message;
  });
  const value = variable.secret ? '' : ` (is "${text.slice(0, LONGEST_VALUE)}")`;
  return `${reasons.join('; ')}${value}`;
}

/** The only reader of the process's environment. */
export function environmentOfProcess(): Environment {
  return parseEnvironment(process.env);
}
