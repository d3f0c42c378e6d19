import type { SaleCorrectionAct } from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { all, codeOf, startMongoServer, storeKinds, type TestStore } from '../testing.js';
import { correctionOf } from './sale-corrections.js';
import { SaleLinksRepository, type SaleLink } from './sale-links-repository.js';

const server = await startMongoServer(process.env);
afterAll(() => server?.stop());

const [ADA, BEN] = [idFrom('cus', 'ada'), idFrom('cus', 'ben')];
const SALE = idFrom('sal', 'one');
const VISIT = idFrom('vis', 'one');
const at = (day: number) => new Date(Date.UTC(2026, 1, day, 9)).toISOString();

describe.each(storeKinds(server))('joins of sales in $name', ({ fresh }) => {
  let under: TestStore;
  let links: SaleLinksRepository;
  const link = (day: number, change: Partial<SaleLink> = {}): SaleLink => ({
    saleId: idFrom('sal', day),
    storeId: 'main',
    soldAt: at(day),
    visitId: VISIT,
    customerId: ADA,
    probability: 0.93,
    isSure: true,
    formula: 1,
    decidedAt: at(20),
    ...change,
  });
  beforeEach(async () => {
    under = await fresh();
    links = new SaleLinksRepository(under.store);
  });
  afterEach(() => under.remove());

  it('are decided anew by whoever read them last', async () => {
    await links.save(link(1), null);
    expect(await codeOf(links.save(link(1), null))).toBe('REVISION_CONFLICT');
    const nobody = link(1, { visitId: null, customerId: null, probability: 0, isSure: false });
    await links.save(nobody, 1);
    expect(await links.get(nobody.saleId)).toEqual({ link: nobody, revision: 2 });
    expect(await codeOf(links.save(link(1), 1))).toBe('REVISION_CONFLICT');
    expect(await links.get(SALE)).toBeNull();
  });

  it('are read by the time of the sale, and listed the latest first', async () => {
    for (const day of [3, 1, 2]) await links.save(link(day, { isSure: day !== 2 }), null);
    await links.save(link(4, { storeId: 'other' }), null);
    const days = (items: readonly SaleLink[]) => items.map(({ soldAt }) => Number(soldAt.slice(8, 10)));
    expect(days(await all(links.ofStore('main', { from: at(1), to: at(3) })))).toEqual([1, 2]);
    const list = async (query: object) =>
      days((await links.list({ storeId: 'main', time: {}, limit: 5, ...query })).items);
    expect(await list({})).toEqual([3, 2, 1]);
    expect([await list({ isSure: true }), await list({ isSure: false })]).toEqual([[3, 1], [2]]);
    expect(await list({ time: { from: at(2), to: at(3) } })).toEqual([2]);
    const first = await links.list({ storeId: 'main', time: {}, limit: 2 });
    const rest = await links.list({ storeId: 'main', time: {}, limit: 2, cursor: first.nextCursor ?? '' });
    expect([days(rest.items), rest.nextCursor]).toEqual([[1], null]);
  });

  const act = (name: number, change: Partial<SaleCorrectionAct> = {}): SaleCorrectionAct => ({
    correctionId: idFrom('evt', name),
    saleId: SALE,
    storeId: 'main',
    kind: 'not',
    notCustomerId: ADA,
    instead: null,
    correctedAt: at(name),
    correctedBy: 'f'.repeat(64),
    ...change,
  });
  const withdrawn = { kind: 'withdrawn', notCustomerId: null } as const;
  const bens = { instead: { visitId: null, customerId: BEN } };

  it('keep each word of an operator once, in the order in which it was said', async () => {
    const { corrections } = links;
    expect(await corrections.of(SALE)).toBeNull();
    const words = [act(3, bens), act(1), act(2, withdrawn)];
    for (const word of words) expect(await corrections.keep(word)).toBe(true);
    expect(await corrections.keep(act(1, { notCustomerId: BEN }))).toBe(false);
    await corrections.keep(act(4, { saleId: idFrom('sal', 'two') }));
    expect(await corrections.actsOf(SALE)).toEqual([words[1], words[2], words[0]]);
    expect(await corrections.of(SALE)).toEqual({ notCustomerIds: [ADA], ...bens, correctedAt: at(3) });
  });

  it('forget an erased customer wherever they are named, and nobody else', async () => {
    await links.save(link(1), null);
    const { corrections } = links;
    for (const word of [
      act(1),
      act(2, { notCustomerId: BEN, instead: { visitId: VISIT, customerId: ADA } }),
      act(3, bens),
    ])
      await corrections.keep(word);
    expect(await links.forgetCustomer(ADA)).toBe(1);
    expect((await links.get(link(1).saleId))?.link).toMatchObject({ customerId: null, visitId: VISIT });
    const left = await corrections.actsOf(SALE);
    expect(JSON.stringify(left)).not.toContain(ADA);
    expect(left).toMatchObject([
      { notCustomerId: null, instead: null },
      { notCustomerId: BEN, instead: null },
      bens,
    ]);
    expect(await corrections.forgetCustomer(ADA)).toBe(0);
  });

  it('take the last word on each customer', () => {
    expect(correctionOf([])).toBeNull();
    expect(correctionOf([act(1), act(2, withdrawn)])).toBeNull();
    const backToAda = { notCustomerId: BEN, instead: { visitId: null, customerId: ADA } };
    expect(correctionOf([act(1, bens), act(2, backToAda)])).toMatchObject({
      notCustomerIds: [BEN],
      instead: { customerId: ADA },
    });
    expect(correctionOf([act(1, bens), act(2, { notCustomerId: BEN })])).toMatchObject({
      notCustomerIds: [ADA, BEN].sort(),
      instead: null,
    });
    const strangers = { instead: { visitId: VISIT, customerId: null } };
    expect(correctionOf([act(1, strangers), act(2, { notCustomerId: null })])).toMatchObject(strangers);
  });
});
