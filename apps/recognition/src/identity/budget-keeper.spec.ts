import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SILENT } from '@regulars/contracts';
import { IdentityRepository, SqliteStore } from '@regulars/persistence';
import { readScoring, type FaceScoring } from '@regulars/vision';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Gallery } from '../gallery/gallery.js';
import { IdentityBudget } from './budget-keeper.js';

const NOON = Date.parse('2026-03-01T12:00:00.000Z');

describe('the budget of recognition', () => {
  let dataDir: string;
  let store: SqliteStore;
  let books: IdentityRepository;
  let gallery: Gallery;
  let scoring: FaceScoring;
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'regulars-budget-'));
    store = new SqliteStore(dataDir);
    await store.open();
    books = new IdentityRepository(store);
    gallery = new Gallery();
    scoring = await readScoring('/nowhere', 'dlib-resnet');
  });
  afterEach(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  });
  const start = async () => {
    const options = { wrongPerWeek: 5, telemetry: SILENT, clock: () => NOON };
    const budget = new IdentityBudget(scoring, gallery, books, options);
    await budget.open();
    return budget;
  };

  it('follows the gallery at once, and what an operator sets when it is read anew', async () => {
    const budget = await start();
    const { threshold } = budget.rule();
    for (let i = 0; i < 2_000; i += 1) {
      const embedding = Float32Array.of(Math.cos(i), Math.sin(i));
      gallery.replace(`c${i}`, [{ templateId: `t${i}`, customerId: `c${i}`, embedding }]);
    }
    const crowded = budget.rule().threshold;
    expect(crowded).toBeLessThan(threshold);
    await books.setWrongPerWeek(0.01);
    expect(budget.rule().threshold).toBe(crowded);
    await budget.refresh();
    expect(budget.rule().threshold).toBeLessThan(crowded);
    expect(await books.state()).toMatchObject({ people: 2_000, limitedBy: 'budget', model: 'dlib-resnet' });
    await budget.close();
  });

  it('writes down what passed, once, also when it stops', async () => {
    const budget = await start();
    budget.countPass(false);
    budget.countPass(true);
    await budget.refresh();
    await budget.refresh();
    budget.countPass(false);
    await budget.close();
    expect(await books.lastWeek(NOON)).toEqual([expect.objectContaining({ passes: 3, near: 1, denied: 0 })]);
    expect(await books.lastWeek(NOON + 8 * 86_400_000)).toEqual([]);
  });

  it('keeps what was counted while the store is away', async () => {
    const budget = await start();
    budget.countPass(true);
    const { count } = books;
    books.count = () => Promise.reject(new Error('away'));
    await expect(budget.refresh()).rejects.toThrow('away');
    expect(budget.rule().threshold).toBeGreaterThan(0);
    books.count = count;
    await budget.close();
    expect(await books.lastWeek(NOON)).toEqual([expect.objectContaining({ passes: 1, near: 1 })]);
  });
});
