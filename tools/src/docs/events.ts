import { COMMANDS, EVENTS, type EventDefinition, QUEUES } from '@regulars/contracts';
import { z } from 'zod';
import { stringify } from 'yaml';

interface JsonSchema {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  format?: string;
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'output' }) as JsonSchema;

/** A schema in a few words, for a table cell. */
export function describeSchema(schema: JsonSchema): string {
  const union = schema.anyOf ?? schema.oneOf;
  if (union !== undefined) return union.map(describeSchema).join(' or ');
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.type === 'array') return `list of ${describeSchema(schema.items ?? {})}`;
  if (schema.type === 'object' && schema.properties !== undefined)
    return `{ ${Object.entries(schema.properties)
      .map(([name, field]) => (field.const === undefined ? name : `${name}: ${describeSchema(field)}`))
      .join(', ')} }`;
  if (schema.format === 'date-time') return 'instant';
  return schema.type ?? 'any';
}

function fieldTable(event: EventDefinition): string {
  const { properties = {}, required = [] } = schemaOf(event.schema);
  const rows = Object.entries(properties).map(
    ([name, field]) =>
      `| \`${name}\` | ${describeSchema(field)}${required.includes(name) ? '' : ' (optional)'} |`,
  );
  return ['| field | value |', '|---|---|', ...rows].join('\n');
}

const WORTH = {
  counts: 'every one counts: confirmed, kept while the broker is away, tried again, dead-lettered',
  newest: 'only the newest matters: dropped and counted when it cannot be delivered',
} as const;

function eventSection(event: EventDefinition): string {
  return [
    `## ${event.key}`,
    '',
    event.summary,
    '',
    `From **${event.publishedBy.join('** and **')}** to **${event.consumedBy.join('**, **')}**; ${WORTH[event.worth]}.${
      event.body === undefined
        ? ''
        : ` The message body is \`${event.body}\`; the fields below travel in its header.`
    }`,
    '',
    fieldTable(event),
    '',
    '```json',
    JSON.stringify(event.example, null, 2),
    '```',
  ].join('\n');
}

export function eventsPage(): string {
  const queues = Object.entries(QUEUES).map(
    ([name, queue]) =>
      `| \`${name}\` | ${queue.kind} | ${queue.keys.map((key) => `\`${key}\``).join(', ')} |`,
  );
  return [
    '# Events',
    '',
    'Generated from `libs/contracts` by `npm run docs`; do not edit. The same catalogue for machines: [asyncapi.yaml](asyncapi.yaml).',
    '',
    'Publishers send exactly these fields. Consumers ignore fields they do not know, so that services can be updated one after the other; a message that lacks a field or has a wrong one goes to the dead-letter queue with the reason.',
    '',
    '| queue | kind | events |',
    '|---|---|---|',
    ...queues,
    '',
    ...EVENTS.map((event) => `${eventSection(event)}\n`),
    '# Commands',
    '',
    ...COMMANDS.map(
      (command) =>
        `- \`${command.key}\`: ${command.summary} Answered within ${command.timeoutMs / 1000} s or not at all.`,
    ),
    '',
  ].join('\n');
}

/** AsyncAPI 3.0 document of the events. */
export function asyncApi(version: string): string {
  const name = (event: EventDefinition) => event.key.replaceAll('.', '-');
  const channels = Object.fromEntries(
    EVENTS.map((event) => [
      name(event),
      { address: event.key, messages: { [name(event)]: { $ref: `#/components/messages/${name(event)}` } } },
    ]),
  );
  const operations = Object.fromEntries(
    EVENTS.flatMap((event) => [
      ...event.publishedBy.map((service) => [
        `${service}-sends-${name(event)}`,
        { action: 'send', channel: { $ref: `#/channels/${name(event)}` } },
      ]),
      ...event.consumedBy.map((service) => [
        `${service}-receives-${name(event)}`,
        { action: 'receive', channel: { $ref: `#/channels/${name(event)}` } },
      ]),
    ]),
  );
  const messages = Object.fromEntries(
    EVENTS.map((event) => [
      name(event),
      event.body === undefined
        ? {
            summary: event.summary,
            contentType: 'application/json',
            payload: schemaOf(event.schema),
            examples: [{ payload: event.example }],
          }
        : {
            summary: event.summary,
            contentType: event.body,
            headers: schemaOf(event.schema),
            payload: { type: 'string', format: 'binary' },
            examples: [{ headers: event.example }],
          },
    ]),
  );
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'Regulars',
      version,
      description:
        'Events between the services of Regulars, over RabbitMQ topic exchanges. Generated by npm run docs.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    channels,
    operations,
    components: { messages },
  };
  return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
}
