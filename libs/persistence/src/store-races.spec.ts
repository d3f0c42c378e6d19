import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Collection, CollectionSpec, Document } from './document-store.js';
import { startMongoServer, storeKinds, type TestStore } from './testing.js';

interface Seat extends Document {
  readonly owner?: string | null;
  readonly n?: number;
  readonly tags?: readonly string[];
}

const SEATS: CollectionSpec = { name: 'seats', indexes: [{ name: 'owner', fields: ['owner'] }] };
const WRITERS = Array.from({ length: 8 }, (_, i) => `writer-${i}`);

const server = await startMongoServer(process.env);
afterAll(() => server?.stop());

describe.each(storeKinds(server))('writers at the same time in $name', ({ fresh }) => {
  let under: TestStore;
  afterEach(() => under.remove());

  /** The same collection over two connections, as two processes have it. */
  async function seats(): Promise<(i: number) => Collection<Seat>> {
    under = await fresh();
    const both = [under.store, await under.again()].map((store) => store.collection<Seat>(SEATS));
    return (i) => both[i % 2] as Collection<Seat>;
  }

  it('of an update with a condition: one wins', async () => {
    const at = await seats();
    await at(0).put({ _id: 'seat', owner: null });
    const take = (owner: string, i: number) =>
      at(i).update('seat', { set: { owner } }, { where: { owner: null } });
    const results = await Promise.all(WRITERS.map(take));
    const winners = results.flatMap((seat) => (seat ? [seat.owner] : []));
    expect(winners).toHaveLength(1);
    expect(await at(1).get('seat')).toEqual({ _id: 'seat', owner: winners[0] });
  });

  it('of one new document: one inserts it', async () => {
    const at = await seats();
    const results = await Promise.all(WRITERS.map((owner, i) => at(i).insertOnce({ _id: 'seat', owner })));
    expect(results.filter((inserted) => inserted)).toHaveLength(1);
    expect((await at(0).get('seat'))?.owner).toBe(WRITERS[results.indexOf(true)]);
  });

  it('of counters and lists: none is lost, made at first use too', async () => {
    const at = await seats();
    await Promise.all(
      WRITERS.map((owner, i) =>
        at(i).update('seat', { inc: { n: 1 }, addToSet: { tags: owner } }, { insert: { n: 100 } }),
      ),
    );
    const seat = await at(0).get('seat');
    expect(seat?.n).toBe(100 + WRITERS.length);
    expect([...(seat?.tags ?? [])].sort()).toEqual(WRITERS);
  });
});
