import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { inspect } from 'node:util';
import { SILENT, type LogFields, type Telemetry } from '@regulars/contracts';
import mongoose from 'mongoose';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { CollectionSpec, Document } from '../document-store.js';
import { openStore } from '../open-store.js';
import { startMongoServer } from '../testing.js';
import { redactor } from './mongo-errors.js';
import { MongoStore } from './mongo-store.js';

interface Thing extends Document {
  readonly n?: number;
}
const THINGS: CollectionSpec = {
  name: 'things',
  indexes: [
    { name: 'n', fields: ['n'] },
    { name: 'u', fields: ['u'], unique: true },
  ],
};

const server = await startMongoServer(process.env);
afterAll(() => server?.stop());

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing was thrown',
    (error: unknown) => error,
  );

describe('the address of MongoDB', () => {
  const PASSWORD = 's3cret/p@ss';
  const credentials = `shopkeeper:${encodeURIComponent(PASSWORD)}`;

  it.each([
    [
      'a server that is not there',
      `mongodb://${credentials}@127.0.0.1:1/regulars?directConnection=true`,
      'STORE_UNAVAILABLE',
    ],
    [
      'an unknown option',
      `mongodb://${credentials}@127.0.0.1:1/regulars?nonsense=1`,
      'CONFIGURATION_INVALID',
    ],
    ['no host', `mongodb://${credentials}@/regulars`, 'CONFIGURATION_INVALID'],
    ['a wrong port', `mongodb://${credentials}@127.0.0.1:port/regulars`, 'CONFIGURATION_INVALID'],
    [
      'a password that is not encoded',
      `mongodb://shopkeeper:${PASSWORD}@127.0.0.1:1/regulars`,
      'CONFIGURATION_INVALID',
    ],
    ['another scheme', `mysql://${credentials}@127.0.0.1/regulars`, 'CONFIGURATION_INVALID'],
  ])('never gives its credentials away: %s', async (_, uri, code) => {
    const logged: unknown[] = [];
    const keep = (fields: LogFields, message: string) => void logged.push(fields, message);
    const telemetry: Telemetry = {
      meter: SILENT.meter,
      log: { debug: keep, info: keep, warn: keep, error: keep },
    };
    const store = openStore({ mongoUri: uri, dataDir: '.', telemetry });
    const error = await errorOf(store.open());
    const later = await errorOf(store.collection<Thing>(THINGS).get('x'));
    const said = [
      inspect(error, { depth: 9 }),
      JSON.stringify(error),
      inspect(later, { depth: 9 }),
      inspect(logged),
      String(await store.fault()),
    ];
    expect(error).toMatchObject({ code });
    for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), 'shopkeeper', 's3cret']) {
      for (const text of said) expect(text).not.toContain(secret);
    }
    await store.close();
  });

  it('is taken out of a text with and without its encoding', () => {
    const redact = redactor('mongodb://user%40shop:p%2Fw@host/db');
    expect(redact('user%40shop:p%2Fw user@shop p/w p%2Fw host')).toBe('*** *** *** *** host');
    expect(redactor('mongodb://host/db')('as it is')).toBe('as it is');
  });
});

describe('a server that accepts and never answers', () => {
  it('is a fault within seconds', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    cleanUp.push(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const address = silent.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const start = performance.now();
    const store = new MongoStore(`mongodb://127.0.0.1:${port}/x?directConnection=true`);
    expect(await errorOf(store.open())).toMatchObject({ name: 'TransientError', code: 'STORE_UNAVAILABLE' });
    expect(performance.now() - start).toBeLessThan(8_000);
  });
});

describe.runIf(server !== null)('the MongoDB store', () => {
  const uri = () => server?.uriOf(`regulars_test_${process.pid}_${Date.now()}`) ?? '';

  async function open(address = uri()) {
    const store = new MongoStore(address);
    cleanUp.push(() => store.close());
    const things = store.collection<Thing>(THINGS);
    await store.open();
    return { store, things };
  }

  it('writes with majority and journal, whatever the address says', async () => {
    const address = `${uri()}&w=1&journal=false&monitorCommands=true`;
    const { things } = await open(address);
    const commands: { name: string; concern: unknown }[] = [];
    const store = new MongoStore(address);
    cleanUp.push(() => store.close());
    await store.open();
    const watched = mongoose.createConnection();
    cleanUp.push(() => watched.close());
    await things.put({ _id: 'a' });
    const client = clientOf(store);
    client.on('commandStarted', ({ commandName, command }) => {
      commands.push({ name: commandName, concern: (command as { writeConcern?: unknown }).writeConcern });
    });
    const again = store.collection<Thing>(THINGS);
    await again.insertOnce({ _id: 'b' });
    await again.put({ _id: 'b', n: 1 });
    await again.update('b', { inc: { n: 1 } });
    await again.bulk([{ kind: 'update', id: 'b', change: { inc: { n: 1 } } }]);
    await again.deleteWhere({ n: 3 });
    await again.delete('b');
    const writes = commands.filter(({ name }) =>
      ['insert', 'update', 'delete', 'findAndModify'].includes(name),
    );
    expect(writes.map(({ name }) => name)).toEqual([
      'insert',
      'update',
      'findAndModify',
      'update',
      'delete',
      'delete',
    ]);
    for (const { concern } of writes) expect(concern).toMatchObject({ w: 'majority', j: true });
  });

  it('drops an index of its own that is no longer declared, and no other', async () => {
    const address = uri();
    const first = await open(address);
    await first.things.put({ _id: 'a', n: 1 });
    const raw = await mongoose.createConnection(address).asPromise();
    cleanUp.push(() => raw.close());
    await raw.collection('things').createIndex({ handmade: 1 }, { name: 'handmade' });
    const store = new MongoStore(address);
    cleanUp.push(() => store.close());
    const things = store.collection<Thing>({ name: 'things', indexes: [{ name: 'n2', fields: ['n', 'm'] }] });
    await store.open();
    expect((await things.find({ where: { n: 1 }, limit: 2 })).items).toEqual([{ _id: 'a', n: 1 }]);
    const names = (await raw.collection('things').listIndexes().toArray()).map((index) => String(index.name));
    expect(names.sort()).toEqual(['_id_', 'handmade', 'regulars_n_m']);
  });

  it('uses the database of the address, and "regulars" when it names none', async () => {
    const { store } = await open(uri().replace(/\/[^/?]+\?/, '/?'));
    expect(await store.fault()).toBeNull();
    expect(clientDatabase(store)).toBe('regulars');
  });

  it.runIf(server?.process)(
    'fails within seconds while the server is away, and works again when it is back',
    async () => {
      const { store, things } = await open();
      await things.put({ _id: 'a', n: 1 });
      await server?.process?.kill();
      const start = performance.now();
      expect(await errorOf(things.get('a'))).toMatchObject({
        name: 'TransientError',
        code: 'STORE_UNAVAILABLE',
      });
      expect(await errorOf(things.put({ _id: 'b' }))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
      expect(performance.now() - start).toBeLessThan(15_000);
      expect(await store.fault()).not.toBeNull();
      await server?.process?.start();
      expect(await things.get('a')).toEqual({ _id: 'a', n: 1 });
      await things.put({ _id: 'b' });
      expect(await store.fault()).toBeNull();
    },
    60_000,
  );
});

/** The driver underneath, to listen to what it sends. */
function clientOf(store: MongoStore) {
  const { connection } = store as unknown as { connection: mongoose.Connection };
  return connection.getClient();
}

function clientDatabase(store: MongoStore): string {
  return (store as unknown as { database: { databaseName: string } }).database.databaseName;
}
