import type { SaleRecorded, SaleRefunded } from '@regulars/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customerId, Listener, slowed, withStore } from '../testing.js';
import { BucketsRepository, CustomersRepository, ValuesRepository } from '@regulars/persistence';
import {
  aRefund,
  aSale,
  disturbedBefore,
  killedAfter,
  picture,
  refundId,
  saleId,
  valueBench,
} from './testing.js';

/** Properties take seconds, on a busy machine many. */
const LONG_MS = 120_000;

type Told =
  | { readonly kind: 'sale'; readonly event: SaleRecorded }
  | { readonly kind: 'refund'; readonly event: SaleRefunded };
const PEOPLE = ['ada', 'ben', 'cy'].map(customerId);

const someone = fc.constantFrom(...PEOPLE);
const instant = fc
  .integer({ min: Date.parse('2026-01-28T00:00:00Z'), max: Date.parse('2026-03-04T00:00:00Z') })
  .map((ms) => new Date(ms).toISOString());
const sales: fc.Arbitrary<Told[]> = fc
  .array(
    fc.record({
      customer: fc.option(someone, { nil: null }),
      occurredAt: instant,
      amountMinor: fc.integer({ min: 0, max: 5_000 }),
      currency: fc.constantFrom('EUR', 'EUR', 'GBP'),
      refund: fc.option(
        fc.record({
          occurredAt: instant,
          isVoid: fc.boolean(),
          amountMinor: fc.integer({ min: 1, max: 5_000 }),
        }),
        { nil: null },
      ),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((list) =>
    list.flatMap(({ customer, refund, ...sale }, index): Told[] => {
      const name = `s${index}`;
      const event = aSale(name, { ...sale, customerId: customer });
      const told: Told[] = [{ kind: 'sale', event }];
      if (refund) {
        const { currency } = sale;
        told.push({ kind: 'refund', event: aRefund(name, { ...refund, currency }) });
      }
      return told;
    }),
  );

type Bench = ReturnType<typeof valueBench>;
const tell = (bench: Bench, told: Told) =>
  told.kind === 'sale' ? bench.worth.onSale(told.event) : bench.worth.onRefund(told.event);

const orderedRun = (all: readonly Told[]) =>
  withStore(async (store) => {
    const bench = valueBench(store);
    for (const told of all) await tell(bench, told);
    return picture(store, PEOPLE);
  });

const shuffledTwice = (all: readonly Told[]) =>
  fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2, maxLength: all.length * 2 });

describe('the ledger', () => {
  it(
    'gives the same in any order and however often each event comes',
    () =>
      fc.assert(
        fc.asyncProperty(
          sales.chain((all) => fc.tuple(fc.constant(all), shuffledTwice(all))),
          async ([all, shuffled]) => {
            const expected = await orderedRun(all);
            const actual = await withStore(async (store) => {
              const bench = valueBench(store);
              for (const told of shuffled) await tell(bench, told);
              return picture(store, PEOPLE);
            });
            expect(actual).toEqual(expected);
          },
        ),
        { numRuns: 25 },
      ),
    LONG_MS,
  );

  it(
    'gives the same when the process is killed between any two writes and the event comes again',
    () =>
      fc.assert(
        fc.asyncProperty(
          sales.chain((all) =>
            fc.tuple(fc.constant(all), shuffledTwice(all), fc.array(fc.nat(9), { maxLength: 12 })),
          ),
          async ([all, shuffled, kills]) => {
            const expected = await orderedRun(all);
            const actual = await withStore(async (store) => {
              for (const [index, told] of shuffled.entries()) {
                const kill = kills[index];
                if (kill !== undefined) {
                  const dying = valueBench(killedAfter(store, kill), new Listener());
                  await tell(dying, told).catch(() => null);
                }
                await tell(valueBench(store), told);
              }
              return picture(store, PEOPLE);
            });
            expect(actual).toEqual(expected);
          },
        ),
        { numRuns: 25 },
      ),
    LONG_MS,
  );

  it(
    'gives the same when replicas count side by side over a slow network',
    () =>
      fc.assert(
        fc.asyncProperty(
          sales.chain((all) => fc.tuple(fc.constant(all), shuffledTwice(all))),
          fc.array(fc.nat(4), { minLength: 1, maxLength: 40 }),
          async ([all, shuffled], turns) => {
            const expected = await orderedRun(all);
            const actual = await withStore(async (store) => {
              let next = 0;
              const wait = () => turns[next++ % turns.length] ?? 0;
              const replicas = [valueBench(slowed(store, wait)), valueBench(slowed(store, wait))];
              await Promise.all(
                shuffled.map((told, index) => {
                  const bench = replicas[index % replicas.length];
                  return bench && tell(bench, told);
                }),
              );
              return picture(store, PEOPLE);
            });
            expect(actual).toEqual(expected);
          },
        ),
        { numRuns: 25 },
      ),
    LONG_MS,
  );

  it(
    'loses no sale that another replica counts wholly between any two operations',
    async () => {
      for (let operation = 0; operation < 25; operation++) {
        await withStore(async (store) => {
          const other = valueBench(store);
          const disturbed = disturbedBefore(store, operation, () => other.worth.onSale(aSale('other')));
          await valueBench(disturbed).worth.onSale(aSale('one'));
          await other.worth.onSale(aSale('other'));
          const [bucket] = await new BucketsRepository(store).of(customerId('ada'));
          const value = await new ValuesRepository(store).get(customerId('ada'));
          expect([operation, bucket?.orders, value?.value.orders]).toEqual([operation, 2, 2]);
        });
      }
    },
    LONG_MS,
  );

  it('counts a refund in its own month, negative, and a void as if nothing had been', () =>
    withStore(async (store) => {
      const { worth } = valueBench(store);
      await worth.onRefund(aRefund('kept', { occurredAt: '2026-04-01T08:00:00.000Z' }));
      await worth.onRefund(aRefund('void', { isVoid: true, amountMinor: 1_000 }));
      await worth.onSale(aSale('kept'));
      await worth.onSale(aSale('void'));
      const [march, april] = await new BucketsRepository(store).of(customerId('ada'));
      expect(march).toMatchObject({ orders: 1, currencies: { EUR: { grossMinor: 1_000, refundsMinor: 0 } } });
      expect(april).toMatchObject({ orders: 0, currencies: { EUR: { grossMinor: 0, refundsMinor: 400 } } });
    }));

  it('puts a late sale into the month of the shop’s own calendar', () =>
    withStore(async (store) => {
      const { worth } = valueBench(store, new Listener(), 'Europe/Berlin');
      await worth.onSale(aSale('late', { occurredAt: '2026-02-28T23:30:00.000Z' }));
      const [bucket] = await new BucketsRepository(store).of(customerId('ada'));
      expect(bucket?.period).toBe(2026 * 12 + 2);
    }));

  it('tells the value of each sale once, however often the sale comes', () =>
    withStore(async (store) => {
      const { worth, listener } = valueBench(store);
      for (let i = 0; i < 3; i++) await worth.onSale(aSale('one'));
      const told = listener.heard.filter(({ key }) => key === 'value.updated');
      expect(told.map(({ payload }) => payload)).toMatchObject([
        {
          customerId: customerId('ada'),
          saleId: saleId('one'),
          isJoined: false,
          value: { recencyDays: 40, frequency: 1, monetaryMinor: 1_000, segment: 'promising' },
        },
      ]);
    }));

  it('leaves the money and takes the customer when the customer is erased', () =>
    withStore(async (store) => {
      const { worth, erasure } = valueBench(store);
      const customers = new CustomersRepository(store);
      const ada = customerId('ada');
      await customers.create(ada, { displayName: 'Ada' }, '2026-01-01T00:00:00.000Z');
      await worth.onSale(aSale('one'));
      await worth.onRefund(aRefund('one'));
      await customers.erase(ada, '2026-04-01T00:00:00.000Z');
      await erasure.erase(ada);
      await worth.onSale(aSale('one'));
      await worth.onSale(aSale('after'));
      const { ledger, months, worth: values } = await picture(store, [ada]);
      expect(JSON.stringify({ ledger, months, values })).not.toContain(ada);
      expect(ledger.map(({ entryId, amountMinor }) => [entryId, amountMinor]).sort()).toEqual(
        [
          [saleId('one'), 1_000],
          [saleId('after'), 1_000],
          [refundId('one'), 400],
        ].sort(),
      );
      expect(await new ValuesRepository(store).get(ada)).toBeNull();
    }));
});
