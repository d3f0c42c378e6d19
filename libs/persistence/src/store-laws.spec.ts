import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { applySteps, assertIndexable, assertIndexableSteps, inserted, stepsOf } from './change.js';
import { conditionsOf, fulfils } from './conditions.js';
import type {
  BulkOperation,
  Change,
  Collection,
  CollectionSpec,
  Document,
  UpdateOptions,
  Where,
} from './document-store.js';
import { startMongoServer, storeKinds, type TestStore } from './testing.js';
import { invalid, toStored } from './values.js';
import { RegularsError } from '@regulars/contracts';

type Thing = Document & Readonly<Record<string, unknown>>;

const THINGS: CollectionSpec = {
  name: 'things',
  indexes: [
    { name: 'n', fields: ['n'] },
    { name: 'unique', fields: ['unique'], unique: true },
  ],
};

type Operation =
  | { kind: 'insertOnce' | 'put'; document: Thing }
  | { kind: 'update'; id: string; change: Change; options: UpdateOptions }
  | { kind: 'bulk'; operations: BulkOperation<Thing>[] }
  | { kind: 'delete'; id: string }
  | { kind: 'deleteWhere'; where: Where };

/** What a collection does, over a plain Map. */
class Model {
  readonly documents = new Map<string, Thing>();

  private write(document: object): void {
    const stored = toStored(document) as Thing;
    assertIndexable(THINGS, stored);
    if (this.isTaken(stored)) throw new RegularsError('VALUE_TAKEN');
    this.documents.set(stored._id, stored);
  }

  private isTaken({ _id, unique }: Thing): boolean {
    const others = [...this.documents.values()].filter((other) => other._id !== _id);
    return unique !== undefined && others.some((other) => other.unique === unique);
  }

  private insertOnce(document: Thing): boolean {
    const isHeld = this.documents.has(document._id) || this.isTaken(document);
    assertIndexable(THINGS, toStored(document));
    if (!isHeld) this.write(document);
    return !isHeld;
  }

  private update(id: string, change: Change, { where, insert }: UpdateOptions): Thing | null {
    const steps = stepsOf(change);
    assertIndexableSteps(THINGS, steps);
    const made = insert && inserted(id, insert, steps);
    if (made) assertIndexable(THINGS, made);
    const current = this.documents.get(id);
    if (!current && !made) return null;
    if (current && !fulfils(current, conditionsOf(where))) return null;
    this.write(current ? applySteps(current, steps) : (made ?? {}));
    return this.documents.get(id) ?? null;
  }

  run(operation: Operation | BulkOperation<Thing>): unknown {
    switch (operation.kind) {
      case 'insertOnce':
        return this.insertOnce(operation.document);
      case 'put':
      case 'replace':
        return this.write(operation.document);
      case 'update':
        return this.update(
          operation.id,
          operation.change,
          'options' in operation ? operation.options : operation,
        );
      case 'bulk':
        for (const one of operation.operations) this.run(one);
        return undefined;
      case 'delete':
        return this.documents.delete(operation.id);
      case 'deleteWhere': {
        if (conditionsOf(operation.where).length === 0) throw invalid('where', 'none');
        const hit = [...this.documents.values()].filter((one) => fulfils(one, conditionsOf(operation.where)));
        for (const { _id } of hit) this.documents.delete(_id);
        return hit.length;
      }
    }
  }
}

function runIn(things: Collection<Thing>, operation: Operation): Promise<unknown> {
  switch (operation.kind) {
    case 'insertOnce':
      return things.insertOnce(operation.document);
    case 'put':
      return things.put(operation.document);
    case 'update':
      return things.update(operation.id, operation.change, operation.options);
    case 'bulk':
      return things.bulk(operation.operations);
    case 'delete':
      return things.delete(operation.id);
    case 'deleteWhere':
      return things.deleteWhere(operation.where);
  }
}

const id = fc.constantFrom('a', 'b', 'c', 'd');
const scalar = fc.oneof(
  fc.integer({ min: -9, max: 9 }),
  fc.constantFrom('', 'x', '\u{1f600}', '\uffff'),
  fc.boolean(),
  fc.constant(null),
);
const value = fc.oneof(
  { weight: 3, arbitrary: scalar },
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.uint8Array({ maxLength: 5 }),
  fc.array(scalar, { maxLength: 3 }),
  fc.record({ x: scalar, y: scalar }, { requiredKeys: [] }),
);
const n = fc.integer({ min: -5, max: 5 });
const fields = fc.record(
  {
    n,
    unique: fc.constantFrom('u', 'v'),
    s: value,
    t: value,
    list: fc.array(value, { maxLength: 2 }),
    o: fc.record({ x: value }),
  },
  { requiredKeys: [] },
);
const document = fc.tuple(id, fields).map(([_id, rest]): Thing => ({ _id, ...rest }));
const freePath = fc.constantFrom('s', 't', 'o', 'o.x', 'o.z.y', 'list', 'new');
const change: fc.Arbitrary<Change> = fc.record(
  {
    set: fc.oneof(
      fc.dictionary(freePath, value, { maxKeys: 2 }),
      fc.record({ n, unique: fc.constantFrom('u', 'v') }),
    ),
    unset: fc.uniqueArray(fc.oneof(freePath, fc.constantFrom('n', 'unique')), { maxLength: 2 }),
    inc: fc.dictionary(fc.oneof(freePath, fc.constant('n')), n, { maxKeys: 1 }),
    min: fc.dictionary(freePath, scalar, { maxKeys: 1 }),
    max: fc.dictionary(freePath, scalar, { maxKeys: 1 }),
    push: fc.dictionary(freePath, value, { maxKeys: 1 }),
    addToSet: fc.dictionary(freePath, scalar, { maxKeys: 1 }),
  },
  { requiredKeys: [] },
);
const where: fc.Arbitrary<Where> = fc.oneof(
  fc.dictionary(
    fc.constantFrom('n', 's', 'o.x', 'list'),
    fc.oneof(n, fc.constant('x'), fc.boolean(), fc.constant(null)),
    { maxKeys: 2 },
  ),
  fc.record({ n: fc.record({ gte: n, lt: n }, { requiredKeys: [] }) }),
  fc.record({ s: fc.constantFrom({ gt: 'a' }, { lte: 3 }, { gte: false }, { lte: null }, { gt: null }) }),
);
const bulkOperation: fc.Arbitrary<BulkOperation<Thing>> = fc.oneof(
  document.map((one) => ({ kind: 'insertOnce' as const, document: one })),
  document.map((one) => ({ kind: 'replace' as const, document: one })),
  fc.record({
    kind: fc.constant('update' as const),
    id,
    change,
    insert: fc.option(fields, { nil: undefined }),
  }),
  id.map((one) => ({ kind: 'delete' as const, id: one })),
);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  document.map((one) => ({ kind: 'insertOnce' as const, document: one })),
  document.map((one) => ({ kind: 'put' as const, document: one })),
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('update' as const),
      id,
      change,
      options: fc.record({ where, insert: fields }, { requiredKeys: [] }),
    }),
  },
  fc.array(bulkOperation, { maxLength: 5 }).map((operations) => ({ kind: 'bulk' as const, operations })),
  id.map((one) => ({ kind: 'delete' as const, id: one })),
  fc.record({ n: fc.record({ gte: n }) }).map((lower) => ({ kind: 'deleteWhere' as const, where: lower })),
);

/** What an operation gave: its result, or the code it was refused with. */
async function outcome(work: () => unknown): Promise<unknown> {
  try {
    return (await work()) ?? null;
  } catch (error) {
    if (error instanceof RegularsError) return error.code;
    throw error;
  }
}

const server = await startMongoServer(process.env);
afterAll(() => server?.stop());

describe.each(storeKinds(server))('any sequence of operations in $name', ({ name, fresh }) => {
  let under: TestStore;
  afterEach(() => under.remove());

  it('gives the results and leaves the documents that a plain model does', async () => {
    under = await fresh();
    const things = under.store.collection<Thing>(THINGS);
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 12 }), async (operations) => {
        await things.deleteWhere({ _id: { gte: '' } });
        const model = new Model();
        for (const one of operations) {
          const wanted = await outcome(() => model.run(one));
          expect({ after: one, gives: await outcome(() => runIn(things, one)) }).toEqual({
            after: one,
            gives: wanted,
          });
        }
        const { items } = await things.find({ limit: 1_000 });
        expect(items).toEqual([...model.documents.values()].sort((a, b) => (a._id < b._id ? -1 : 1)));
      }),
      { numRuns: name === 'sqlite' ? 300 : 80 },
    );
  }, 180_000);
});
