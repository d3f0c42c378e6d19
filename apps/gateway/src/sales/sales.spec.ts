import { type NewRefund, type NewSale, SaleAnswer, SaleAnswers } from '@regulars/contracts';
import { SalesRepository } from '@regulars/persistence';
import type { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connected, errorOf, startRig, type Rig } from '../testing/rig.js';
import { refundIdOf, saleIdOf } from './sale-records.js';

type SaleBody = z.input<typeof NewSale>;
type RefundBody = z.input<typeof NewRefund>;

const a = {
  sale: (part: Partial<SaleBody> = {}): SaleBody => ({
    saleId: 'S-1',
    tillId: 'till-1',
    occurredAt: '2026-03-01T09:12:40Z',
    amountMinor: 1990,
    currency: 'EUR',
    ...part,
  }),
  refund: (part: Partial<RefundBody> = {}): RefundBody => ({
    refundId: 'R-1',
    occurredAt: '2026-03-02T10:00:00+01:00',
    amountMinor: 500,
    currency: 'EUR',
    ...part,
  }),
};

describe('sales over HTTP', () => {
  let rig: Rig;
  let sales: SalesRepository;
  beforeAll(async () => {
    rig = await startRig();
    sales = new SalesRepository(rig.store);
  });
  afterAll(() => rig.close());

  const post = (json: unknown, headers: Record<string, string> = {}) =>
    rig.request('POST', '/v1/sales', { json, headers });
  const customerOf = async (externalId: string) => {
    const { items } = (await (await rig.request('GET', `/v1/customers?externalId=${externalId}`)).json()) as {
      items: { customerId: string; displayName: string }[];
    };
    return items[0];
  };

  it('are stored under an id that follows from the till’s own, told once, and known when they come again', async () => {
    const page = rig.page();
    await connected(page);
    const first = await post(a.sale({ saleId: 'once', items: 3 }));
    expect(first.status).toBe(201);
    const answer = SaleAnswer.parse(await first.json());
    expect(answer).toMatchObject({
      saleId: saleIdOf('till', 'main', 'once'),
      result: 'recorded',
      externalId: 'once',
      customerId: null,
      occurredAt: '2026-03-01T09:12:40.000Z',
      clock: 'kept',
    });
    const again = await post(a.sale({ saleId: 'once', items: 3 }));
    expect([again.status, SaleAnswer.parse(await again.json()).result]).toEqual([200, 'known']);
    const told = () => page.events.filter(({ payload }) => payload.kind === 'sale');
    await vi.waitFor(() => expect(told()).toHaveLength(1));
    expect(told()[0]).toMatchObject({
      storeId: 'main',
      payload: { tillId: 'till-1', who: { kind: 'undecided' }, amountMinor: 1990, currency: 'EUR', items: 3 },
    });
    await vi.waitFor(async () => expect(await sales.untoldCount()).toBe(0));
    expect(told()).toHaveLength(1);
  });

  it('with an id that is another sale’s are refused, and the first one stays', async () => {
    await post(a.sale({ saleId: 'taken' }));
    const other = await post(a.sale({ saleId: 'taken', amountMinor: 5 }));
    expect([other.status, (await errorOf(other)).code]).toEqual([409, 'SALE_DIFFERS']);
    expect((await sales.get(saleIdOf('till', 'main', 'taken')))?.amountMinor).toBe(1990);
    const elsewhere = await post(a.sale({ saleId: 'taken', storeId: 'harbour', amountMinor: 5 }));
    expect(elsewhere.status).toBe(201);
  });

  it('belong to a customer by our id or by the operator’s number, which makes a customer when it is new', async () => {
    const byNumber = SaleAnswer.parse(
      await (await post(a.sale({ saleId: 'card', customerExternalId: 'card-77' }))).json(),
    );
    const made = await customerOf('card-77');
    expect(made).toMatchObject({ customerId: byNumber.customerId, displayName: 'card-77' });
    const byId = SaleAnswer.parse(
      await (await post(a.sale({ saleId: 'id', customerId: made?.customerId }))).json(),
    );
    expect(byId.customerId).toBe(made?.customerId);
    const both = await post(a.sale({ customerId: made?.customerId, customerExternalId: 'card-77' }));
    expect((await errorOf(both)).fields).toHaveProperty('customerId');
    const nobody = await post(a.sale({ saleId: 'who', customerId: 'cus_4f2k9s7d1m3q8w6e0h5t' }));
    expect((await errorOf(nobody)).code).toBe('CUSTOMER_NOT_FOUND');
    expect(await sales.get(saleIdOf('till', 'main', 'who'))).toBeNull();
    const ids: string[] = [];
    for await (const { externalId } of sales.ofCustomer(made?.customerId ?? '')) ids.push(externalId);
    expect(ids.sort()).toEqual(['card', 'id']);
  });

  it('of an erased customer stay as sales of nobody', async () => {
    await post(a.sale({ saleId: 'leaver', customerExternalId: 'card-78' }));
    const { customerId = '' } = (await customerOf('card-78')) ?? {};
    await rig.request('DELETE', `/v1/customers/${customerId}`);
    expect((await sales.get(saleIdOf('till', 'main', 'leaver')))?.customerId).toBeNull();
    const later = SaleAnswer.parse(await (await post(a.sale({ saleId: 'later', customerId }))).json());
    expect(later.customerId).toBeNull();
  });

  it('come in batches, each with its own result', async () => {
    await post(a.sale({ saleId: 'b1' }));
    const batch = [
      a.sale({ saleId: 'b1' }),
      a.sale({ saleId: 'b2' }),
      a.sale({ saleId: 'b2' }),
      a.sale({ saleId: 'b1', amountMinor: 1 }),
    ];
    const response = await post({ sales: batch });
    expect(response.status).toBe(201);
    const { items } = SaleAnswers.parse(await response.json());
    expect(items.map(({ result }) => result)).toEqual(['known', 'recorded', 'known', 'differs']);
    expect((await post({ sales: batch })).status).toBe(200);
    const wrong = await post({ sales: [a.sale({ saleId: 'b9' }), a.sale({ amountMinor: 1.5 })] });
    expect([wrong.status, Object.keys((await errorOf(wrong)).fields)]).toEqual([
      400,
      ['sales.1.amountMinor'],
    ]);
    expect(await sales.get(saleIdOf('till', 'main', 'b9'))).toBeNull();
  });

  it.each([
    ['an unknown currency', { currency: 'EUX' }, 400, 'currency'],
    ['a currency in lower case', { currency: 'eur' }, 400, 'currency'],
    ['a negative amount', { amountMinor: -1 }, 400, 'amountMinor'],
    ['an amount of 1e20', { amountMinor: 1e20 }, 400, 'amountMinor'],
    ['an amount in text', { amountMinor: '19.90' as never }, 400, 'amountMinor'],
    ['a time without a zone', { occurredAt: '2026-03-01T09:12:40' }, 400, 'occurredAt'],
    ['no id', { saleId: '' }, 400, 'saleId'],
    ['a field too many', { total: 3 } as never, 400, 'total'],
  ])('with %s are refused by the field', async (_, part, status, field) => {
    const response = await post(a.sale({ saleId: 'bad', ...part }));
    expect([response.status, Object.keys((await errorOf(response)).fields)]).toEqual([status, [field]]);
    expect(await sales.get(saleIdOf('till', 'main', 'bad'))).toBeNull();
  });

  it('from a clock that is ahead are kept, corrected to the time of receipt, or refused', async () => {
    const ahead = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    const kept = SaleAnswer.parse(await (await post(a.sale({ saleId: 'c1', occurredAt: ahead(4) }))).json());
    expect(kept.clock).toBe('kept');
    const said = ahead(30);
    const corrected = await post(a.sale({ saleId: 'c2', occurredAt: said }));
    const answer = SaleAnswer.parse(await corrected.json());
    expect(answer.clock).toBe('corrected');
    expect(Math.abs(Date.parse(answer.occurredAt) - Date.now())).toBeLessThan(10_000);
    expect((await sales.get(answer.saleId))?.tillSaid).toBe(said);
    const far = await post(a.sale({ saleId: 'c3', occurredAt: ahead(24 * 60 + 5) }));
    expect([far.status, (await errorOf(far)).code]).toEqual([422, 'SALE_TIME_REFUSED']);
  });

  it('find their refund whichever comes first, and both are one customer’s', async () => {
    for (const [order, name] of [
      [['refund', 'sale'], 'x'],
      [['sale', 'refund'], 'y'],
    ] as const) {
      for (const kind of order) {
        const body =
          kind === 'sale'
            ? a.sale({ saleId: name, customerExternalId: 'card-79' })
            : a.refund({ refundId: name, saleId: name });
        expect((await rig.request('POST', `/v1/${kind}s`, { json: body })).status).toBe(201);
      }
      const sale = await sales.get(saleIdOf('till', 'main', name));
      const refund = await sales.get(refundIdOf('till', 'main', name));
      expect(sale?.customerId).not.toBeNull();
      expect(refund).toMatchObject({ saleId: sale?.id, customerId: sale?.customerId, isVoid: false });
    }
  });

  it('that wait for the broker are told by the next start', async () => {
    await rig.gateway.stop();
    const [inserted] = await sales.insertOnce([
      {
        kind: 'sale',
        id: saleIdOf('till', 'main', 'left'),
        storeId: 'main',
        source: 'till',
        externalId: 'left',
        tillId: null,
        customerId: null,
        occurredAt: '2026-03-01T09:00:00.000Z',
        tillSaid: null,
        receivedAt: '2026-03-01T09:00:00.000Z',
        amountMinor: 1,
        currency: 'EUR',
        importId: null,
        items: null,
        lines: null,
      },
    ]);
    expect([inserted, await sales.untoldCount()]).toEqual([true, 1]);
    const { startGateway } = await import('../index.js');
    const { environment, broker, store } = rig;
    const { SILENT } = await import('@regulars/contracts');
    const next = await startGateway({ environment, broker, store, telemetry: SILENT });
    await vi.waitFor(async () => expect(await sales.untoldCount()).toBe(0));
    await next.stop();
  });
});
