import { CustomerView } from '@regulars/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ROUTES } from './openapi.js';
import { openApiDocument } from './openapi-document.js';
import { registeredRoutes, startRig, type Rig } from './testing/rig.js';

type Operation = {
  operationId: string;
  parameters?: { name: string; in: string; schema: Record<string, unknown> }[];
  responses: Record<string, { description: string; content?: Record<string, { schema: unknown }> }>;
};
type Document = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
};

describe('the description of the API', () => {
  let rig: Rig;
  let document: Document;
  beforeAll(async () => {
    rig = await startRig();
    document = (await (await fetch(`${rig.gateway.address}/docs/openapi.json`)).json()) as Document;
  });
  afterAll(() => rig.close());

  it('names every route that is registered, and no other', async () => {
    const described = ROUTES.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect([...described].sort()).toEqual((await registeredRoutes(rig)).sort());
  });

  it('is OpenAPI 3.1 with an id of its own for every operation', () => {
    expect(document.openapi).toBe('3.1.0');
    const ids = Object.values(document.paths).flatMap((item) =>
      Object.values(item).map(({ operationId }) => operationId),
    );
    expect(ids).toHaveLength(ROUTES.length);
    expect(new Set(ids).size).toBe(ROUTES.length);
    expect(ids).toContain('getCamerasByCameraIdPictureJpg');
  });

  it('says what every parameter is', () => {
    const parameters = document.paths['/v1/visits']?.['get']?.parameters ?? [];
    expect(parameters.map(({ name }) => name)).toEqual([
      'storeId',
      'customerId',
      'open',
      'from',
      'to',
      'limit',
      'cursor',
    ]);
    for (const { name, schema } of parameters)
      expect([name, Object.keys(schema).length > 0]).toEqual([name, true]);
    expect(parameters.find(({ name }) => name === 'limit')?.schema).toMatchObject({
      type: 'integer',
      minimum: 1,
      maximum: 200,
    });
  });

  it('has every schema that is referred to', () => {
    const referred = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)];
    expect(referred.length).toBeGreaterThan(ROUTES.length);
    for (const [, name = ''] of referred) expect(document.components.schemas).toHaveProperty(name);
  });

  it('describes answers by the schemas they are parsed by', () => {
    const { $schema: dialect, ...schema } = z.toJSONSchema(CustomerView, { io: 'output' });
    expect(dialect).toContain('2020-12');
    expect(document.components.schemas['CustomerView']).toEqual(schema);
  });

  it('tells the errors of a route by code, beside another answer of the same status', () => {
    const responses = document.paths['/v1/customers/{customerId}/photographs']?.['post']?.responses ?? {};
    expect(Object.keys(responses).sort()).toEqual([
      '201',
      '400',
      '401',
      '403',
      '404',
      '413',
      '422',
      '429',
      '500',
      '503',
    ]);
    expect(responses['422']?.description).toContain('CONSENT_MISSING');
    expect(responses['422']?.content?.['application/json']?.schema).toEqual({
      oneOf: [{ $ref: '#/components/schemas/EnrolmentResult' }, { $ref: '#/components/schemas/ErrorBody' }],
    });
  });

  it('is the same for the same routes', () => {
    expect(openApiDocument(ROUTES, '0.1.0')).toMatchObject({ paths: document.paths });
  });

  it('is a page that loads nothing from elsewhere', async () => {
    const page = await fetch(`${rig.gateway.address}/docs`);
    const html = await page.text();
    expect(html).not.toMatch(/(?:src|href)=['"](?:https?:)?\/\//);
    expect(html).not.toMatch(/<script(?![^>]*src)[^>]*>/);
    const files = [...html.matchAll(/(?:src|href)=['"]([^'"]+)['"]/g)].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      const { status } = await fetch(new URL(file, `${rig.gateway.address}/docs`));
      expect([file, status]).toEqual([file, 200]);
    }
  });
});
