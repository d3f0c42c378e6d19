import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CustomerValueView, ImportView, SegmentsView, SILENT } from '@regulars/contracts';
import { MemoryBroker } from '@regulars/messaging';
import { CustomersRepository, SqliteStore } from '@regulars/persistence';
import { parseEnvironment } from '@regulars/runtime';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type GatewayFacts, startService } from '../tools/src/serve.js';

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
/** A customer with one purchase, one with many, one who only gave something back, and somebody without a card. */
const HISTORY = [
  'customerId,occurredAt,amount,currency,saleId',
  `one,${daysAgo(100)},12.50,EUR,A-1`,
  ...Array.from({ length: 12 }, (_, n) => `many,${daysAgo(10 + 20 * n)},20,EUR,B-${n}`),
  `back,${daysAgo(30)},-5,EUR,C-1`,
  `,${daysAgo(20)},7,EUR,D-1`,
].join('\n');

describe('a file of history', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'regulars-history-'));
  const environment = parseEnvironment({ DATA_DIR: dataDir, GATEWAY_PORT: '0' });
  const store = new SqliteStore(dataDir);
  const broker = new MemoryBroker(SILENT, { services: ['gateway', 'analytics'] });
  const parts = { environment, broker, store, telemetry: SILENT };
  const running: { stop(): Promise<void> }[] = [];
  let facts: GatewayFacts = { address: '', firstToken: null };
  beforeAll(async () => {
    await store.open();
    const gateway = await startService('gateway', parts);
    running.push(gateway, await startService('analytics', parts));
    facts = gateway as typeof gateway & GatewayFacts;
  });
  afterAll(async () => {
    for (const service of running) await service.stop();
    await broker.close(3_000);
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const call = async (method: string, path: string, body?: FormData): Promise<unknown> => {
    const headers = { authorization: `Bearer ${facts.firstToken ?? ''}` };
    const response = await fetch(facts.address + path, { method, headers, ...(body && { body }) });
    expect([path, response.ok]).toEqual([path, true]);
    return response.json();
  };

  it('is imported over HTTP and seen in segments, values and forecasts, one purchase and all', async () => {
    const form = new FormData();
    form.set('file', new Blob([HISTORY]), 'history.csv');
    const begun = ImportView.parse(await call('POST', '/v1/imports', form));
    expect(begun).toMatchObject({ sales: 15, currency: 'EUR' });
    const segments = await vi.waitFor(
      async () => {
        const view = SegmentsView.parse(await call('GET', '/v1/segments'));
        expect(view.customers).toBe(2);
        return view;
      },
      { timeout: 60_000, interval: 200 },
    );
    expect(segments.segments.reduce((sum, { customers }) => sum + customers, 0)).toBe(2);
    const customers = new CustomersRepository(store);
    const valueOf = async (number: string) => {
      const customer = await customers.byExternalId(number);
      return CustomerValueView.parse(await call('GET', `/v1/customers/${customer?.customerId ?? ''}/value`));
    };
    const one = await valueOf('one');
    expect(one.value).toMatchObject({ frequency: 1, monetaryMinor: 1_250, recencyDays: 100 });
    expect(one.months).toHaveLength(1);
    expect((await valueOf('many')).value).toMatchObject({ frequency: 12, monetaryMinor: 24_000 });
    expect((await valueOf('back')).value).toBeNull();
    await vi.waitFor(
      async () => {
        const { forecast } = await valueOf('one');
        expect(forecast?.churnProbability).toBeGreaterThan(0);
        expect(forecast?.churnProbability).toBeLessThan(1);
      },
      { timeout: 60_000, interval: 200 },
    );
  }, 150_000);
});
