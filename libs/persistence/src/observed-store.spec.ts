import { SILENT, TransientError, type LogFields, type Telemetry } from '@regulars/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { ObservedStore } from './observed-store.js';
import { freshSqlite, type TestStore } from './testing.js';

const THINGS = { name: 'things', indexes: [] };

describe('an observed store', () => {
  let under: TestStore | null = null;
  afterEach(() => under?.remove());

  function listen() {
    const observed: string[] = [];
    const logged: (string | undefined)[] = [];
    const keep = (level: string) => (fields: LogFields, message: string) =>
      void logged.push(`${level} ${message} ${String(fields.code ?? '')}`.trim());
    const telemetry: Telemetry = {
      log: { ...SILENT.log, info: keep('info'), warn: keep('warn') },
      meter: {
        ...SILENT.meter,
        observe: (name, value, labels) => {
          expect(name).toBe('regulars_store_operation_seconds');
          expect(value).toBeGreaterThan(0);
          expect(value).toBeLessThan(60);
          observed.push(`${labels?.collection} ${labels?.operation}`);
        },
      },
    };
    return { observed, logged, telemetry };
  }

  it('measures each operation once, each page of a walk too', async () => {
    under = await freshSqlite();
    const { observed, telemetry } = listen();
    const things = new ObservedStore(under.store, telemetry).collection(THINGS);
    await things.put({ _id: 'a' });
    await things.insertOnce({ _id: 'b' });
    for await (const thing of things.each({ limit: 1 })) expect(thing._id).toMatch(/a|b/);
    await things.update('a', { inc: { n: 1 } });
    await things.bulk([{ kind: 'delete', id: 'b' }]);
    await things.count({});
    await things.get('a');
    await things.delete('a');
    await things.deleteWhere({ _id: 'a' });
    expect(observed).toEqual(
      ['put', 'insertOnce', 'find', 'find', 'update', 'bulk', 'count', 'get', 'delete', 'deleteWhere'].map(
        (operation) => `things ${operation}`,
      ),
    );
  });

  it('logs that the store is lost once, and its return once', async () => {
    under = await freshSqlite();
    const { logged, telemetry } = listen();
    const store = new ObservedStore(under.store, telemetry);
    const things = store.collection(THINGS);
    await store.close();
    for (let i = 0; i < 3; i++) await expect(things.get('a')).rejects.toBeInstanceOf(TransientError);
    await store.open();
    for (let i = 0; i < 3; i++) expect(await things.get('a')).toBeNull();
    expect(logged).toEqual(['warn store lost STORE_UNAVAILABLE', 'info store is back']);
  });
});
