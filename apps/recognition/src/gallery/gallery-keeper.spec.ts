import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SILENT } from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import { Keyring, SqliteStore, TemplatesRepository } from '@regulars/persistence';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Gallery } from './gallery.js';
import { GalleryKeeper } from './gallery-keeper.js';

const MODEL = 'dlib-resnet';
const ADA = newId('cus');
const BOB = newId('cus');

describe('the gallery keeper', () => {
  let folder: string;
  let store: SqliteStore;
  let templates: TemplatesRepository;
  let keyring: Keyring;
  let gallery: Gallery;
  let keeper: GalleryKeeper;

  const add = (customerId: string, model = MODEL) =>
    templates.add({
      templateId: newId('tpl'),
      customerId,
      model,
      embedding: Float32Array.of(1, 0, 0),
      quality: { faceWidthPx: 90, sharpness: 120, yawDegrees: 0, pitchDegrees: 0, brightness: 120 },
      source: 'photograph',
      addedAt: '2026-03-01T09:00:00.000Z',
    });

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    folder = mkdtempSync(join(tmpdir(), 'regulars-gallery-'));
    store = new SqliteStore(folder);
    keyring = new Keyring(store, new Uint8Array(32).fill(7));
    templates = new TemplatesRepository(store, keyring);
    await store.open();
    gallery = new Gallery();
    keeper = new GalleryKeeper(gallery, templates, MODEL, SILENT);
  });
  afterEach(async () => {
    await keeper.close();
    vi.useRealTimers();
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it('reads the templates of its model at start', async () => {
    await add(ADA);
    await add(ADA);
    await add(BOB);
    await add(BOB, 'another-recogniser');
    await keeper.open();
    expect([gallery.templates, gallery.customers]).toEqual([3, 2]);
    expect(gallery.templatesOf(ADA)[0]?.embedding).toEqual(Float32Array.of(1, 0, 0));
  });

  it('reads a customer anew when told so, and forgets an erased one', async () => {
    await keeper.open();
    await add(ADA);
    await keeper.readCustomer(ADA);
    expect(gallery.templates).toBe(1);
    await add(ADA);
    await keeper.readCustomer(ADA);
    expect(gallery.templates).toBe(2);
    await templates.removeOfCustomer(ADA);
    await keeper.readCustomer(ADA);
    expect(gallery.customers).toBe(0);
    await add(BOB);
    await keeper.readCustomer(BOB);
    const forgotten = keeper.forget(BOB);
    expect(gallery.templates).toBe(0);
    await forgotten;
    expect(gallery.templates).toBe(0);
  });

  it('has nobody whose key was destroyed, even when a template was left', async () => {
    await add(ADA);
    await keyring.destroy(ADA, '2026-03-01T10:00:00.000Z');
    await keeper.open();
    expect(gallery.templates).toBe(0);
  });

  it('finds within a minute what it was not told of', async () => {
    await keeper.open();
    await add(ADA);
    vi.advanceTimersByTime(60_000);
    await vi.waitFor(() => expect(gallery.templates).toBe(1));
  });

  it('finds within ten minutes that one template took the place of another', async () => {
    await add(ADA);
    await keeper.open();
    await templates.removeOfCustomer(ADA);
    await add(BOB);
    for (let minute = 0; minute < 10; minute++) vi.advanceTimersByTime(60_000);
    await vi.waitFor(() => expect(gallery.templatesOf(BOB)).toHaveLength(1));
    expect(gallery.templatesOf(ADA)).toEqual([]);
  });
});
