import { describe, expect, it } from 'vitest';
import { Batch } from './batch.js';

describe('Batch', () => {
  it('hands over together what waits, at most so many at once, and gives each its own result', async () => {
    const sizes: number[] = [];
    const batch = new Batch<number, number>(8, async (items) => {
      sizes.push(items.length);
      return items.map((item) => item * 10);
    });
    const results = await Promise.all(Array.from({ length: 19 }, (_, i) => batch.add(i)));
    expect(results).toEqual(Array.from({ length: 19 }, (_, i) => i * 10));
    expect(sizes).toEqual([8, 8, 3]);
  });

  it('collects the next batch while one runs', async () => {
    const batches: string[][] = [];
    let release: () => void = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const batch = new Batch<string, string>(8, async (items) => {
      batches.push([...items]);
      if (batches.length === 1) await gate;
      return items;
    });
    const first = batch.add('a');
    await expect.poll(() => batches.length).toBe(1);
    const rest = [batch.add('b'), batch.add('c')];
    release();
    expect(await Promise.all([first, ...rest])).toEqual(['a', 'b', 'c']);
    expect(batches).toEqual([['a'], ['b', 'c']]);
  });

  it('fails the items of a failed batch only', async () => {
    const batch = new Batch<number, number>(2, async (items) => {
      if (items.includes(1)) throw new RangeError('no ones');
      return items;
    });
    const results = await Promise.allSettled([0, 1, 2, 3].map((item) => batch.add(item)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
    expect(await batch.add(7)).toBe(7);
  });

  it('refuses a run that does not give one result an item', async () => {
    const batch = new Batch<number, number>(4, async () => [1]);
    await expect(Promise.all([batch.add(1), batch.add(2)])).rejects.toThrow('1 results for 2 items');
  });
});
