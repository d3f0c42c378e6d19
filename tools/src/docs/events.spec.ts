import { COMMANDS, EVENTS, QUEUES } from '@regulars/contracts';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { asyncApi, describeSchema, eventsPage } from './events.js';

interface Document {
  asyncapi: string;
  info: { version: string };
  channels: Record<string, { address: string; messages: Record<string, { $ref: string }> }>;
  operations: Record<string, { action: string; channel: { $ref: string } }>;
  components: { messages: Record<string, { payload?: unknown; headers?: unknown; contentType: string }> };
}

describe('the AsyncAPI document', () => {
  const document = parse(asyncApi('1.2.3')) as Document;

  it('is one of version 3 with the version of Regulars', () => {
    expect([document.asyncapi, document.info.version]).toEqual(['3.0.0', '1.2.3']);
  });

  it('has a channel and a message for every event, and no other', () => {
    const keys = EVENTS.map(({ key }) => key).sort();
    expect(
      Object.values(document.channels)
        .map(({ address }) => address)
        .sort(),
    ).toEqual(keys);
    expect(Object.keys(document.components.messages).sort()).toEqual(
      keys.map((key) => key.replaceAll('.', '-')).sort(),
    );
  });

  it('says who sends and who receives', () => {
    const expected = EVENTS.flatMap(({ key, publishedBy, consumedBy }) => [
      ...publishedBy.map((service) => `${service}-sends-${key.replaceAll('.', '-')}`),
      ...consumedBy.map((service) => `${service}-receives-${key.replaceAll('.', '-')}`),
    ]);
    expect(Object.keys(document.operations).sort()).toEqual(expected.sort());
    expect(document.operations['gateway-sends-gallery-changed']).toEqual({
      action: 'send',
      channel: { $ref: '#/channels/gallery-changed' },
    });
  });

  it('refers to nothing that is not there', () => {
    const at = (path: string) =>
      path
        .replace('#/', '')
        .split('/')
        .reduce<unknown>((place, name) => (place as Record<string, unknown> | undefined)?.[name], document);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
      ([, path]) => path ?? '',
    );
    expect(references.length).toBeGreaterThan(EVENTS.length);
    expect(references.filter((path) => at(path) === undefined)).toEqual([]);
  });

  it('puts the fields of a message with bytes into its headers', () => {
    const { payload, headers, contentType } = document.components.messages['frame-captured'] ?? {};
    expect([contentType, payload]).toEqual(['image/jpeg', { type: 'string', format: 'binary' }]);
    expect(headers).toHaveProperty('properties.cameraId');
  });
});

describe('the page of events', () => {
  it('names every event, queue and command', () => {
    const page = eventsPage();
    for (const { key } of EVENTS) expect(page).toContain(`\n## ${key}\n`);
    for (const name of Object.keys(QUEUES)) expect(page).toContain(`| \`${name}\` |`);
    for (const { key } of COMMANDS) expect(page).toContain(`- \`${key}\`: `);
    expect(page).toContain('From **recognition** and **gateway** to **recognition**, **gateway**');
  });
});

describe('a schema in a few words', () => {
  it.each([
    [{ const: 'live' }, '`live`'],
    [{ enum: ['a', 'b'] }, '`a`, `b`'],
    [{ type: 'string', format: 'date-time' }, 'instant'],
    [{ type: 'integer' }, 'integer'],
    [{}, 'any'],
    [{ type: 'array', items: { type: 'number' } }, 'list of number'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string or null'],
    [{ oneOf: [{ const: 1 }, { const: 2 }] }, '`1` or `2`'],
    [
      { type: 'object', properties: { kind: { const: 'guest' }, id: { type: 'string' } } },
      '{ kind: `guest`, id }',
    ],
    [{ type: 'object' }, 'object'],
  ])('%j is %s', (schema, words) => {
    expect(describeSchema(schema)).toBe(words);
  });
});
