import type { SaleJoinCorrected } from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import { CustomersRepository, SaleLinksRepository } from '@regulars/persistence';
import { startMongoServer, storeKinds, type TestStore } from '@regulars/persistence/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at, customerId, type Pass } from '../testing.js';
import { aRefund, aSale, killedAfter, picture, refundId, saleId, valueBench } from './testing.js';
import { tillShop, type TillShop } from './till-shop.js';

const server = await startMongoServer(process.env);
afterAll(() => server?.stop());

const [ADA, BEN] = [customerId('ada'), customerId('ben')];
const BOTH = [ADA, BEN];

let said = 0;
const says = (change: Partial<SaleJoinCorrected> = {}): SaleJoinCorrected => {
  said += 1;
  return {
    correctionId: idFrom('evt', 'correction', said),
    saleId: saleId('x'),
    storeId: 'main',
    kind: 'not',
    notCustomerId: ADA,
    instead: null,
    correctedAt: new Date(Date.parse(at('11:00')) + said * 1_000).toISOString(),
    correctedBy: 'f'.repeat(64),
    ...change,
  };
};
const isBens = () => says({ instead: { visitId: null, customerId: BEN } });
const withdrawn = () => says({ kind: 'withdrawn', notCustomerId: null });
const ada = (change: Partial<Pass> = {}): Pass => {
  return { sighting: 'a', customer: 'ada', from: '09:00', to: '09:01:05', ...change };
};

describe.each(storeKinds(server))('an operator’s word on a joined sale, in $name', ({ fresh }) => {
  let under: TestStore;
  let shop: TillShop;
  beforeEach(async () => {
    under = await fresh();
    shop = await tillShop(under.store);
    await shop.pass(ada());
    await shop.sell();
    expect(await shop.ownerOf()).toBe(ADA);
  });
  afterEach(() => under.remove());

  const seen = () => picture(under.store, BOTH);

  it('takes the sale with its refunds out of the customer’s months and value, and puts it on another', async () => {
    await shop.worth.onRefund(aRefund('x', { occurredAt: at('09:30') }));
    await shop.worth.onJoinCorrected(says());
    expect(await shop.ownerOf()).toBeNull();
    expect(await shop.link()).toMatchObject({ customerId: null, visitId: null, isSure: false });
    expect((await seen()).months).toEqual([[], []]);
    await shop.worth.onJoinCorrected(isBens());
    expect(await shop.ownerOf()).toBe(BEN);
    expect(await shop.link()).toMatchObject({ customerId: BEN, probability: 1, isSure: true });
    const { months, worth, ledger } = await seen();
    expect(months[0]).toEqual([]);
    expect(months[1]).toMatchObject([{ currencies: { EUR: { grossMinor: 1_000, refundsMinor: 400 } } }]);
    expect(worth).toMatchObject([undefined, { netMinor: 600, orders: 1 }]);
    expect(ledger.find(({ entryId }) => entryId === refundId('x'))).toMatchObject({ ownerId: BEN });
  });

  it('leaves exactly what there would be had the sale never been joined', async () => {
    await shop.worth.onJoinCorrected(says());
    await shop.worth.onJoinCorrected(withdrawn());
    expect(await shop.ownerOf()).toBe(ADA);
    const withdrawnPicture = await seen();
    await shop.worth.onJoinCorrected(isBens());
    const corrected = await seen();
    const other = await fresh();
    try {
      const named = await tillShop(other.store);
      await named.sell();
      await named.sell(BEN);
      const { months, worth } = await picture(other.store, BOTH);
      expect([corrected.months, corrected.worth]).toEqual([months, worth]);
      expect(withdrawnPicture.months[0]).toHaveLength(1);
    } finally {
      await other.remove();
    }
  });

  it('is obeyed when the sale is told again, when later visits are seen, and after a restart', async () => {
    await shop.worth.onJoinCorrected(says());
    await shop.sell();
    expect(await shop.ownerOf()).toBeNull();
    await shop.pass(ada({ sighting: 'again', from: '09:00:30', to: '09:01:20' }));
    expect(await shop.ownerOf()).toBeNull();
    const restarted = valueBench(await under.again());
    await restarted.worth.onSale(aSale('x', { customerId: null, tillId: 'till-1', occurredAt: at('09:01') }));
    expect(await shop.ownerOf()).toBeNull();
  });

  it('lets the sale go to somebody else who stood there', async () => {
    await shop.pass({ sighting: 'b', from: '09:00:10', to: '09:01:10' });
    expect(await shop.link()).toMatchObject({ isSure: false });
    await shop.worth.onJoinCorrected(says());
    const link = await shop.link();
    expect(link).toMatchObject({ isSure: true, customerId: null });
    expect(link?.visitId).toMatch(/^vis_/);
    expect(await shop.ownerOf()).toBeNull();
  });

  it('stands above what the till says later', async () => {
    await shop.worth.onJoinCorrected(says());
    await shop.sell(ADA);
    expect(await shop.ownerOf()).toBeNull();
    await shop.worth.onRefund(aRefund('x', { customerId: ADA }));
    expect((await seen()).months).toEqual([[], []]);
    await shop.worth.onJoinCorrected(isBens());
    expect(await shop.ownerOf()).toBe(BEN);
  });

  it('counts once however often it comes, and each is kept with who said it', async () => {
    const [denial, assignment] = [says(), isBens()];
    for (const act of [denial, denial, assignment, denial, assignment]) await shop.worth.onJoinCorrected(act);
    expect(await shop.ownerOf()).toBe(BEN);
    const { corrections } = new SaleLinksRepository(under.store);
    expect(await corrections.actsOf(saleId('x'))).toEqual([denial, assignment]);
    expect(await corrections.of(saleId('x'))).toEqual({
      notCustomerIds: [ADA],
      instead: { visitId: null, customerId: BEN },
      correctedAt: assignment.correctedAt,
    });
  });

  it('comes to the same wherever the process is killed', async () => {
    const act = isBens();
    let kills = 0;
    for (let writes = 0; ; writes += 1) {
      const dying = valueBench(killedAfter(under.store, writes));
      const died = await dying.worth.onJoinCorrected(act).then(
        () => false,
        () => true,
      );
      if (!died) break;
      kills += 1;
    }
    expect(kills).toBeGreaterThan(4);
    await shop.worth.onJoinCorrected(act);
    expect(await shop.ownerOf()).toBe(BEN);
    const { months } = await seen();
    expect(months).toMatchObject([[], [{ orders: 1, currencies: { EUR: { grossMinor: 1_000 } } }]]);
  });

  it('forgets a customer who is erased, and names nobody in their place', async () => {
    await shop.worth.onJoinCorrected(isBens());
    await shop.erasure.erase(BEN);
    const { corrections } = new SaleLinksRepository(under.store);
    const acts = await corrections.actsOf(saleId('x'));
    expect(JSON.stringify(acts)).not.toContain(BEN);
    expect(acts).toMatchObject([{ notCustomerId: ADA, instead: null }]);
    await shop.sell();
    expect(await shop.ownerOf()).toBeNull();
  });

  it('cannot give a sale to a customer who was erased meanwhile', async () => {
    await new CustomersRepository(under.store).erase(BEN, at('11:30'));
    await shop.worth.onJoinCorrected(isBens());
    expect(await shop.ownerOf()).toBeNull();
  });

  it('counts also where it is heard before the sale', async () => {
    const later = await fresh();
    try {
      const other = await tillShop(later.store);
      await other.worth.onJoinCorrected(says());
      await other.pass(ada());
      await other.sell();
      expect(await other.ownerOf()).toBeNull();
    } finally {
      await later.remove();
    }
  });
});
