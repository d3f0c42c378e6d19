import {
  CustomerUpdated,
  SaleRecorded,
  SILENT,
  ValueUpdated,
  type EventDefinition,
  type PayloadOf,
} from '@regulars/contracts';
import { MemoryBroker, MemoryOutbox, OutboxPublisher, type Message } from '@regulars/messaging';
import { CustomersRepository, ValuesRepository } from '@regulars/persistence';
import { parseEnvironment } from '@regulars/runtime';
import { describe, expect, it } from 'vitest';
import { startAnalytics } from '../start.js';
import { customerId, withStore } from '../testing.js';
import { aSale } from './testing.js';

describe('the analytics service', () => {
  it('tells value, segment and forecast within a second of a sale, and forgets an erased customer', () =>
    withStore(async (store) => {
      const broker = new MemoryBroker();
      const heard: { message: Message; atMs: number }[] = [];
      await broker.subscribe('gateway.events', async (message) => {
        heard.push({ message, atMs: performance.now() });
        return { kind: 'done' };
      });
      const environment = parseEnvironment({});
      const ada = customerId('ada');
      const customers = new CustomersRepository(store);
      await customers.create(ada, { displayName: 'Ada' }, '2026-01-01T00:00:00.000Z');
      const service = await startAnalytics({ broker, store, telemetry: SILENT, environment });
      const publisher = new OutboxPublisher(broker, new MemoryOutbox(), 'gateway', SILENT);
      const say = <E extends EventDefinition>(event: E, payload: PayloadOf<E>) =>
        publisher.publish(event, payload);
      const soldMs = performance.now();
      await say(SaleRecorded, aSale('one', { occurredAt: new Date().toISOString() }));
      const told = () => heard.find(({ message }) => message.key === ValueUpdated.key);
      await expect.poll(told).toBeDefined();
      expect((told()?.atMs ?? Infinity) - soldMs).toBeLessThan(1_000);
      const { value, forecast } = ValueUpdated.schema.parse(told()?.message.payload);
      expect(value).toMatchObject({ recencyDays: 0, frequency: 1, segment: 'new' });
      expect(forecast?.churnProbability).toBeGreaterThan(0);
      await customers.erase(ada, '2026-04-01T00:00:00.000Z');
      const updatedAt = '2026-04-01T00:00:00.000Z';
      await say(CustomerUpdated, { customerId: ada, change: 'erased', updatedAt });
      await expect.poll(() => new ValuesRepository(store).get(ada)).toBeNull();
      await publisher.close(1_000);
      await service.stop();
      await broker.close(1_000);
    }));
});
