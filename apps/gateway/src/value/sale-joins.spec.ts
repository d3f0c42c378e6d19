import {
  pageOf,
  SaleCorrectionAct,
  SaleCorrectionView,
  SaleJoinCorrected,
  SaleJoinView,
} from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import {
  CustomersRepository,
  LedgerRepository,
  SaleLinksRepository,
  VisitsRepository,
  type LedgerEntry,
} from '@regulars/persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, startRig, type Rig } from '../testing/rig.js';

const [ADA, BEN, CLEO] = [idFrom('cus', 'ada'), idFrom('cus', 'ben'), idFrom('cus', 'cleo')];
const SALE = idFrom('sal', 'joined');
const NAMED = idFrom('sal', 'named');
const VISIT = idFrom('vis', 'strangers');
const AT = '2026-03-01T10:00:00.000Z';

const entryOf = (saleId: string, change: Partial<LedgerEntry> = {}): LedgerEntry => ({
  entryId: saleId,
  kind: 'sale',
  saleId,
  storeId: 'main',
  tillId: 'till-1',
  occurredAt: AT,
  day: 20_513,
  period: 24_314,
  amountMinor: 1_250,
  currency: 'EUR',
  isVoid: false,
  namedCustomerId: null,
  ownerId: ADA,
  counts: true,
  due: [],
  isTold: true,
  ...change,
});

describe('what operators say of joined sales over HTTP', () => {
  let rig: Rig;
  let links: SaleLinksRepository;
  const told: SaleJoinCorrected[] = [];
  beforeAll(async () => {
    rig = await startRig();
    links = new SaleLinksRepository(rig.store);
    const customers = new CustomersRepository(rig.store);
    for (const [id, displayName] of [
      [ADA, 'Ada'],
      [BEN, 'Ben'],
    ] as const)
      await customers.create(id, { displayName }, AT);
    const ledger = new LedgerRepository(rig.store);
    await ledger.save(entryOf(SALE), null);
    await ledger.save(entryOf(NAMED, { namedCustomerId: BEN, ownerId: BEN }), null);
    const link = {
      saleId: SALE,
      storeId: 'main',
      soldAt: AT,
      visitId: idFrom('vis', 'adas'),
      customerId: ADA,
      probability: 0.93,
      isSure: true,
      formula: 1,
      decidedAt: AT,
    };
    await links.save(link, null);
    await new VisitsRepository(rig.store).save(aVisit(), null);
    // Analytics keeps what is said, as it does in a whole installation.
    await rig.broker.tap(({ key, json }) => {
      if (key !== SaleJoinCorrected.key) return;
      const act = SaleJoinCorrected.schema.parse(JSON.parse(json));
      told.push(act);
      void links.corrections.keep(act);
    });
  });
  afterAll(() => rig.close());

  const path = (saleId: string, rest: string) => `/v1/sale-joins/${saleId}/${rest}`;
  const deny = (json: unknown, saleId = SALE) =>
    rig.request('POST', path(saleId, 'not-this-customer'), { json });
  const refusal = async (answer: Promise<Response>) => {
    const response = await answer;
    return [response.status, (await errorOf(response)).code];
  };
  const kept = (count: number) =>
    expect.poll(async () => (await links.corrections.actsOf(SALE)).length).toBe(count);

  it('refuses what is not so, naming why', async () => {
    expect(await refusal(deny({ customerId: ADA }, idFrom('sal', 'nothing')))).toEqual([
      404,
      'SALE_NOT_FOUND',
    ]);
    expect(await refusal(deny({ customerId: BEN }))).toEqual([409, 'SALE_OF_ANOTHER']);
    expect(await refusal(deny({ customerId: BEN }, NAMED))).toEqual([409, 'SALE_NAMED']);
    const to = (instead: unknown) => refusal(deny({ customerId: ADA, instead }));
    expect(await to({ customerId: CLEO })).toEqual([404, 'CUSTOMER_NOT_FOUND']);
    expect(await to({ visitId: idFrom('vis', 'nothing') })).toEqual([404, 'VISIT_NOT_FOUND']);
    expect(await to({ customerId: ADA })).toEqual([400, 'REQUEST_INVALID']);
    expect(await refusal(deny({}))).toEqual([400, 'REQUEST_INVALID']);
    expect(told).toEqual([]);
  });

  it('tells analytics once whose a sale is not, with who said it', async () => {
    const first = SaleCorrectionView.parse(await (await deny({ customerId: ADA })).json());
    expect(first).toMatchObject({ saleId: SALE, notCustomerIds: [ADA], instead: null });
    await kept(1);
    expect(SaleCorrectionView.parse(await (await deny({ customerId: ADA })).json())).toEqual(first);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ kind: 'not', notCustomerId: ADA });
    expect(told[0]?.correctedBy).toMatch(/^[0-9a-f]{64}$/);
  });

  it('takes whose it is afterwards: a customer, or a stranger’s visit', async () => {
    const bens = await deny({ customerId: ADA, instead: { customerId: BEN } });
    expect(await bens.json()).toMatchObject({ instead: { visitId: null, customerId: BEN } });
    await kept(2);
    const visitors = await deny({ customerId: ADA, instead: { visitId: VISIT } });
    expect(await visitors.json()).toMatchObject({ instead: { visitId: VISIT, customerId: null } });
    await kept(3);
    const list = await (await rig.request('GET', '/v1/sale-joins')).json();
    const [join] = pageOf(SaleJoinView).parse(list).items;
    expect(join?.correction).toMatchObject({ notCustomerIds: [ADA], instead: { visitId: VISIT } });
  });

  it('lists what was said, and takes it back', async () => {
    expect((await rig.request('DELETE', path(SALE, 'correction'))).status).toBe(204);
    await kept(4);
    expect((await rig.request('DELETE', path(SALE, 'correction'))).status).toBe(204);
    const said = await (await rig.request('GET', path(SALE, 'corrections'))).json();
    expect(
      pageOf(SaleCorrectionAct)
        .parse(said)
        .items.map(({ kind }) => kind),
    ).toEqual(['not', 'not', 'not', 'withdrawn']);
    expect(told).toHaveLength(4);
    expect(await links.corrections.of(SALE)).toBeNull();
  });
});

function aVisit(): Parameters<VisitsRepository['save']>[0] {
  return {
    visit: {
      visitId: VISIT,
      storeId: 'main',
      visitor: { kind: 'stranger', sightingId: idFrom('sgt', 's') },
      startedAt: AT,
      lastSeenAt: AT,
      endedAt: AT,
      firstSightingId: idFrom('sgt', 's'),
      firstCameraId: 'till-cam',
      cameraIds: ['till-cam'],
      sightings: 1,
      satisfaction: { score: null, class: null, spread: null, scoredCrops: 0, abstentions: 0 },
      days: [],
      merged: null,
      generation: 1,
    },
    announced: { started: true, endedEventId: null, mergedInto: null, days: [], countedAt: null },
    isDue: false,
  };
}
