import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaceCaptured, SILENT, type ExpressionOutcome } from '@regulars/contracts';
import {
  CropsRepository,
  CustomersRepository,
  Keyring,
  SQLITE_FILE,
  SqliteStore,
  type DocumentStore,
} from '@regulars/persistence';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CropBook } from './crop-book.js';

const { identity, capturedAt } = FaceCaptured.example;
const CUSTOMER = identity.kind === 'identified' ? identity.customerId : '';
const JPEG = Uint8Array.from({ length: 64 }, (_, i) => (i * 37 + 5) % 251);
const OUTCOME: ExpressionOutcome = {
  kind: 'scored',
  satisfaction: 0.2,
  class: 'dissatisfied',
  confidence: 0.7,
};
const face = (change: Partial<FaceCaptured> = {}): FaceCaptured => ({ ...FaceCaptured.example, ...change });
const later = (seconds: number) => new Date(Date.parse(capturedAt) + seconds * 1_000).toISOString();

describe('the book of crops', () => {
  let folder: string;
  let store: DocumentStore;
  let keyring: Keyring;
  let crops: CropsRepository;
  let customers: CustomersRepository;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'regulars-crops-'));
    store = new SqliteStore(folder);
    await store.open();
    keyring = new Keyring(store, new Uint8Array(32));
    crops = new CropsRepository(store, keyring);
    customers = new CustomersRepository(store);
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  const agree = (until?: string, isStaff = false) =>
    customers.create(
      CUSTOMER,
      {
        displayName: 'Ann',
        isStaff,
        consent: { textVersion: '1', givenAt: later(-60), ...(until ? { until } : {}) },
      },
      later(-60),
    );
  const consider = (days: number, change: Partial<FaceCaptured> = {}, outcome: ExpressionOutcome = OUTCOME) =>
    new CropBook({ crops, customers }, days, SILENT).consider(face(change), JPEG, { model: 'test', outcome });

  it('keeps a crop of a customer who agreed, unreadable without the customer’s key', async () => {
    await agree();
    expect(await consider(30)).toBe(true);
    const { items } = await crops.list(later(1), { limit: 10 });
    expect(items).toMatchObject([
      { customerId: CUSTOMER, outcome: OUTCOME, correction: null, expiresAt: later(30 * 86_400) },
    ]);
    const cropId = items[0]?.cropId ?? '';
    expect(await crops.picture(cropId, later(1))).toEqual(JPEG);
    const files = (await readdir(folder)).filter((name) => name.startsWith(SQLITE_FILE));
    const written = Buffer.concat(await Promise.all(files.map((name) => readFile(join(folder, name)))));
    expect(written.includes(Buffer.from(cropId))).toBe(true);
    expect(written.includes(Buffer.from(JPEG))).toBe(false);
    await keyring.destroy(CUSTOMER, later(2));
    expect(await crops.picture(cropId, later(3))).toBeNull();
  });

  it('keeps none of strangers, staff, customers who did not agree, and none where it is switched off', async () => {
    expect(await consider(30)).toBe(false);
    await agree(undefined, true);
    expect(await consider(30)).toBe(false);
    await customers.change(CUSTOMER, { isStaff: false });
    expect(await consider(0)).toBe(false);
    expect(await consider(30, { identity: { kind: 'stranger', votes: 3, model: 'm' } })).toBe(false);
    expect(await consider(30, { identity: { kind: 'undecided' } })).toBe(false);
    expect(await consider(30, {}, { kind: 'abstained', reason: 'blurred' })).toBe(false);
    expect(await crops.count()).toBe(0);
    expect(await consider(30)).toBe(true);
  });

  it('keeps it no longer than the consent lasts, and none after', async () => {
    await agree(later(100));
    expect(await consider(30)).toBe(true);
    const { items } = await crops.list(later(1), { limit: 10 });
    expect(items[0]?.expiresAt).toBe(later(100));
    expect(await consider(30, { capturedAt: later(101) })).toBe(false);
    expect((await crops.list(later(100), { limit: 10 })).items).toEqual([]);
    expect(await crops.picture(items[0]?.cropId ?? '', later(100))).toBeNull();
    expect(await crops.correct(items[0]?.cropId ?? '', 'satisfied', later(100))).toBeNull();
    expect(await crops.deleteExpired(later(100))).toBe(1);
  });

  it('ends with a consent that is shortened', async () => {
    await agree();
    await consider(30);
    await crops.endBy(CUSTOMER, later(50));
    expect((await crops.list(later(51), { limit: 10 })).items).toEqual([]);
  });

  it('keeps one crop in ten seconds of a sighting', async () => {
    await agree();
    const book = new CropBook({ crops, customers }, 30, SILENT);
    const kept: boolean[] = [];
    for (const second of [0, 1, 9, 10, 15, 20]) {
      kept.push(
        await book.consider(face({ capturedAt: later(second) }), JPEG, { model: 'test', outcome: OUTCOME }),
      );
    }
    expect(kept).toEqual([true, false, false, true, false, true]);
  });

  it('keeps none of a customer who is erased at that moment', async () => {
    await agree();
    await keyring.seal(CUSTOMER, 'something', JPEG);
    await keyring.destroy(CUSTOMER, later(0));
    expect(await consider(30)).toBe(false);
    expect(await crops.count()).toBe(0);
  });
});
