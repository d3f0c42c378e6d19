import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openKeyring } from '../open-store.js';
import { freshSqlite, temporaryFolder, type TestStore } from '../testing.js';
import { Keyring } from './keyring.js';
import { loadOrCreateMasterKey, parseMasterKey } from './master-key.js';
import { openBytes, sealBytes } from './sealing.js';

const AT = '2026-03-01T09:00:00.000Z';
const ANNA = 'cus_4f2k9s7d1m3q8w6e0h5t';
const BEN = 'cus_0h5t4f2k9s7d1m3q8w6e';
const key = () => new Uint8Array(randomBytes(32));
const bytes = Uint8Array.of(1, 2, 3);

const errorOf = (work: () => unknown) =>
  Promise.resolve()
    .then(work)
    .then(
      () => 'nothing was thrown',
      (error: unknown) => error,
    );

describe('sealed bytes', () => {
  it('open with the same key and context only, and not when one bit differs', () => {
    const one = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(one, fc.uint8Array({ maxLength: 300 }), fc.nat(), (secret, plain, bit) => {
        const sealed = sealBytes(secret, ['embedding', ANNA], plain);
        expect(sealed.length).toBe(plain.length + 29);
        expect(openBytes(secret, ['embedding', ANNA], sealed)).toEqual(plain);
        expect(openBytes(secret, ['embedding', BEN], sealed)).toBeNull();
        expect(openBytes(secret, ['other', ANNA], sealed)).toBeNull();
        expect(openBytes(key(), ['embedding', ANNA], sealed)).toBeNull();
        const place = bit % sealed.length;
        const changed = Uint8Array.from(sealed, (value, i) =>
          i === place ? value ^ (1 << (bit % 8)) : value,
        );
        expect(openBytes(secret, ['embedding', ANNA], changed)).toBeNull();
        expect(openBytes(secret, ['embedding', ANNA], sealed.subarray(0, place))).toBeNull();
      }),
    );
  });
});

describe('the keyring', () => {
  let under: TestStore;
  const masterKey = key();
  let keyring: Keyring;
  beforeAll(async () => {
    under = await freshSqlite();
    keyring = new Keyring(under.store, masterKey);
    await keyring.verify();
  });
  afterAll(() => under.remove());

  it('opens what it sealed, in another process too, for the same person and purpose', async () => {
    const sealed = await keyring.seal(ANNA, 'note', bytes);
    const other = new Keyring(await under.again(), masterKey);
    expect(await other.open(ANNA, 'note', sealed)).toEqual(bytes);
    expect(await errorOf(() => keyring.open(ANNA, 'other', sealed))).toMatchObject({ code: 'STORE_CORRUPT' });
    await keyring.seal(BEN, 'note', bytes);
    expect(await errorOf(() => keyring.open(BEN, 'note', sealed))).toMatchObject({ code: 'STORE_CORRUPT' });
  });

  it('gives one person one key, whoever asks first', async () => {
    const person = 'cus_1m3q8w6e0h5t4f2k9s7d';
    const others = await Promise.all([0, 1].map(async () => new Keyring(await under.again(), masterKey)));
    const sealed = await Promise.all([keyring, ...others].map((ring) => ring.seal(person, 'note', bytes)));
    for (const one of sealed) expect(await keyring.open(person, 'note', one)).toEqual(bytes);
  });

  it('makes a person unreadable for good by destroying the key', async () => {
    const person = 'cus_9s7d1m3q8w6e0h5t4f2k';
    const sealed = await keyring.seal(person, 'note', bytes);
    const before = await keyring.opener();
    expect(await before.open(person, 'note', sealed)).toEqual(bytes);
    expect(await keyring.destroy(person, AT)).toBe(true);
    expect(await keyring.destroy(person, AT)).toBe(false);
    const gone = { code: 'KEY_DESTROYED', fields: { personId: person } };
    expect(await errorOf(() => keyring.open(person, 'note', sealed))).toMatchObject(gone);
    expect(await errorOf(() => keyring.seal(person, 'note', bytes))).toMatchObject(gone);
    expect(await (await keyring.opener()).open(person, 'note', sealed)).toBeNull();
    expect(
      await (await keyring.opener()).open(ANNA, 'note', await keyring.seal(ANNA, 'note', bytes)),
    ).toEqual(bytes);
  });

  it('makes no key for a person who was erased before having one', async () => {
    const person = 'cus_7d1m3q8w6e0h5t4f2k9s';
    expect(await keyring.destroy(person, AT)).toBe(false);
    expect(await errorOf(() => keyring.seal(person, 'note', bytes))).toMatchObject({ code: 'KEY_DESTROYED' });
  });

  it('leaves nothing of a destroyed key in its files', async () => {
    const folder = temporaryFolder();
    const { SqliteStore } = await import('../sqlite/sqlite-store.js');
    const store = new SqliteStore(folder.path);
    const ring = new Keyring(store, masterKey);
    await store.open();
    await ring.seal(ANNA, 'note', bytes);
    const document = await store
      .collection<{ _id: string; wrapped: Uint8Array }>({
        name: 'keys',
        indexes: [{ name: 'destroyed', fields: ['destroyedAt'] }],
      })
      .get(ANNA);
    const wrapped = Buffer.from(document?.wrapped ?? []).toString('base64');
    expect(wrapped.length).toBeGreaterThan(60);
    const holds = () =>
      readdirSync(folder.path).some((file) => readFileSync(join(folder.path, file)).includes(wrapped));
    expect(holds()).toBe(true);
    await ring.destroy(ANNA, AT);
    expect(holds()).toBe(false);
    await store.close();
    folder.remove();
  });

  it('refuses another master key and names the variable', async () => {
    const wrong = { code: 'CONFIGURATION_INVALID', fields: { variable: 'REGULARS_MASTER_KEY' } };
    const other = new Keyring(await under.again(), key());
    const sealed = await keyring.seal(ANNA, 'note', bytes);
    const secret = keyring.sealSecret('camera entrance', 'rtsp://a:b@c/');
    expect(await errorOf(() => other.verify())).toMatchObject(wrong);
    expect(await errorOf(() => other.open(ANNA, 'note', sealed))).toMatchObject(wrong);
    expect(await errorOf(() => other.openSecret('camera entrance', secret))).toMatchObject(wrong);
    expect(await errorOf(() => new Keyring(under.store, bytes))).toMatchObject(wrong);
    expect(keyring.openSecret('camera entrance', secret)).toBe('rtsp://a:b@c/');
  });
});

describe('the master key', () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());
  let i = 0;
  const dataDir = () => join(folder.path, `data-${i++}`);
  const stores: TestStore[] = [];
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.remove()));
  });
  const wrong = { code: 'CONFIGURATION_INVALID', fields: { variable: 'REGULARS_MASTER_KEY' } };

  it('is made once, for its owner alone, and read from then on', () => {
    const path = dataDir();
    const made = loadOrCreateMasterKey(path);
    expect(made).toHaveLength(32);
    expect(statSync(join(path, 'master.key')).mode & 0o777).toBe(0o600);
    expect(loadOrCreateMasterKey(path)).toEqual(made);
    expect(readdirSync(path)).toEqual(['master.key']);
  });

  it.each([
    ['empty', ''],
    ['too short', randomBytes(31).toString('base64')],
    ['no base64', 'x'.repeat(44).replace('x', '!')],
  ])('is never overwritten, even when its file is %s', async (_, text) => {
    const path = dataDir();
    mkdirSync(path);
    writeFileSync(join(path, 'master.key'), text);
    const error = await errorOf(() => loadOrCreateMasterKey(path));
    expect(error).toMatchObject(wrong);
    if (text !== '') expect(JSON.stringify(error)).not.toContain(text);
    expect(readFileSync(join(path, 'master.key'), 'utf8')).toBe(text);
  });

  it('is read from base64 with or without padding', () => {
    const made = randomBytes(32);
    const text = made.toString('base64');
    expect(parseMasterKey(`${text}\n`)).toEqual(new Uint8Array(made));
    expect(parseMasterKey(text.replace('=', ''))).toEqual(new Uint8Array(made));
  });

  it('must be given where processes share a MongoDB', async () => {
    const under = await freshSqlite();
    stores.push(under);
    const options = { mongodbUri: 'mongodb://host', dataDir: dataDir() };
    expect(await errorOf(() => openKeyring(under.store, options))).toMatchObject(wrong);
    const masterKey = randomBytes(32).toString('base64');
    await openKeyring(under.store, { ...options, masterKey });
    const other = randomBytes(32).toString('base64');
    expect(await errorOf(() => openKeyring(under.store, { ...options, masterKey: other }))).toMatchObject(
      wrong,
    );
  });

  it('is the one of the data folder in the embedded mode', async () => {
    const under = await freshSqlite();
    stores.push(under);
    const path = dataDir();
    const keyring = await openKeyring(under.store, { dataDir: path });
    const sealed = await keyring.seal(ANNA, 'note', bytes);
    expect(await new Keyring(under.store, loadOrCreateMasterKey(path)).open(ANNA, 'note', sealed)).toEqual(
      bytes,
    );
  });
});
