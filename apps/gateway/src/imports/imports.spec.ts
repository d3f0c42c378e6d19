import { existsSync, readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { ErrorBody, ImportView, type SalesImported, SILENT } from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import {
  CustomersRepository,
  ImportParts,
  ImportsRepository,
  MANY_ROWS,
  type SaleRecord,
  SalesRepository,
} from '@regulars/persistence';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connected, startRig, type Rig } from '../testing/rig.js';
import { startGateway } from '../index.js';
import { saleIdOf } from '../sales/sale-records.js';

const INVOICES = join(
  import.meta.dirname,
  '../../../../../shared/data/transactions/online-retail-ii/invoices.csv.gz',
);

const OWN = `customerId,occurredAt,amount,currency,saleId
card-1,2026-01-02T10:00:00Z,19.90,EUR,A-1
card-2,2026-01-03 11:30:00,5,EUR,A-2
,2026-01-03,7.5,EUR,A-3
card-1,2026-01-04T10:00:00+01:00,-9.90,EUR,A-4
`;

describe('files of history', () => {
  let rig: Rig;
  let sales: SalesRepository;
  const imported: SalesImported[] = [];
  beforeAll(async () => {
    rig = await startRig({ STORE_TIME_ZONE: 'Europe/Berlin', STORE_CURRENCY: 'CHF' });
    sales = new SalesRepository(rig.store);
    await rig.broker.tap(({ key, json }) => {
      if (key === 'sales.imported') imported.push(JSON.parse(json) as SalesImported);
    });
  });
  afterAll(() => rig.close());

  const post = (content: string | Uint8Array<ArrayBuffer>, fields: Record<string, string> = {}) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('file', new Blob([content]), 'history.csv');
    return rig.request('POST', '/v1/imports', { body: form });
  };
  const finished = async (response: Response): Promise<ImportView> => {
    expect([response.status, response.ok]).toEqual([202, true]);
    const { importId } = ImportView.parse(await response.json());
    return vi.waitFor(
      async () => {
        const view = ImportView.parse(await (await rig.request('GET', `/v1/imports/${importId}`)).json());
        expect(view.state).toBe('done');
        return view;
      },
      { timeout: 150_000, interval: 100 },
    );
  };
  const ofStore = async (storeId: string) => {
    const found: SaleRecord[] = [];
    for await (const record of sales.ofStore(storeId)) found.push(record);
    return found;
  };
  const waiting = () => readdir(join(rig.dataDir, 'imports'));

  it('become sales, refunds and customers, are told of once, and leave no file behind', async () => {
    const page = rig.page({ token: rig.token, storeId: 'own' });
    await connected(page);
    const view = await finished(await post(OWN, { storeId: 'own' }));
    expect(view).toMatchObject({
      layout: 'own',
      rows: 4,
      sales: 4,
      stored: 4,
      newCustomers: 2,
      currency: 'EUR',
      from: '2026-01-02T10:00:00.000Z',
      to: '2026-01-04T09:00:00.000Z',
    });
    const told = (await ofStore('own')).map((sale) => [
      sale.kind,
      sale.externalId,
      sale.occurredAt,
      sale.amountMinor,
    ]);
    expect(told).toEqual([
      ['sale', 'A-1', '2026-01-02T10:00:00.000Z', 1990],
      ['sale', 'A-3', '2026-01-02T23:00:00.000Z', 750],
      ['sale', 'A-2', '2026-01-03T10:30:00.000Z', 500],
      ['refund', 'A-4', '2026-01-04T09:00:00.000Z', 990],
    ]);
    const customer = await new CustomersRepository(rig.store).byExternalId('card-1');
    expect(customer?.displayName).toBe('card-1');
    expect((await sales.get(saleIdOf('till', 'own', 'A-1')))?.customerId).toBe(customer?.customerId);
    await vi.waitFor(() => expect(imported.filter(({ storeId }) => storeId === 'own')).toHaveLength(1));
    expect(imported[0]).toMatchObject({ importId: view.importId, rows: 4, from: view.from, to: view.to });
    await vi.waitFor(() =>
      expect(page.events.at(-1)?.payload).toMatchObject({ kind: 'import', state: 'done' }),
    );
    expect(await sales.untoldCount()).toBe(0);
    expect(await waiting()).toEqual([]);
  });

  it('sent again change nothing, gzip or not, also where they overlap', async () => {
    const again = await post(OWN, { storeId: 'own' });
    expect([again.status, ImportView.parse(await again.json()).state]).toEqual([200, 'done']);
    await finished(await post(new Uint8Array(gzipSync(OWN)), { storeId: 'own' }));
    await finished(await post(`${OWN}card-3,2026-01-09,1,EUR,A-5\n`, { storeId: 'own' }));
    expect(await ofStore('own')).toHaveLength(5);
  });

  it('without ids count equal rows as several sales, the same ones each time', async () => {
    const rows = ['c1,2026-01-02,5', 'c1,2026-01-02,5', 'c2,2026-01-02,5'];
    const header = 'customerId,occurredAt,amount';
    const view = await finished(await post([header, ...rows].join('\r\n'), { storeId: 'plain' }));
    expect([view.currency, view.sales]).toEqual(['CHF', 3]);
    const longer = [header, ...rows, 'c2,2026-01-03,6', ''].join('\n');
    await finished(await post(longer, { storeId: 'plain', currency: 'CHF' }));
    expect(await ofStore('plain')).toHaveLength(4);
  });

  it("of UCI's lines make one sale an invoice, in quotes and with customers like 99085.0", async () => {
    const lines = `Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country
489434,85048,"15CM ""GLASS"" BALL, 20 LIGHTS",12,2009-12-01 07:45:00,6.95,99085.0,United Kingdom
489434,79323P,PINK CHERRY LIGHTS,12,2009-12-01 07:45:00,6.75,99085.0,United Kingdom
C489449,22087,PAPER BUNTING,-12,12/1/2009 10:33,2.95,99321.0,Australia
489435,22350,CAT BOWL,1,2009-12-01 07:46:00,0.001,,United Kingdom
`;
    const view = await finished(await post(lines, { storeId: 'uci' }));
    expect(view).toMatchObject({ layout: 'uci-lines', rows: 4, sales: 3, currency: 'GBP', newCustomers: 2 });
    const made = (await ofStore('uci')).map(({ kind, externalId, amountMinor, customerId }) => {
      return [externalId, kind, amountMinor, customerId !== null];
    });
    expect(made).toEqual([
      ['489434', 'sale', 16_440, true],
      ['489435', 'sale', 0, false],
      ['C489449', 'refund', 3_540, true],
    ]);
  });

  const row = (text: string) => OWN + text;
  it.each<[string, string, number, string | null, RegExp]>([
    ['an empty file', '', 1, null, /empty/],
    ['a header alone', 'customerId,occurredAt,amount\n', 1, null, /no rows/],
    ['a header without amounts', 'customerId,occurredAt\na,b\n', 1, 'amount', /no such column/],
    [
      'a broken row in the middle',
      row('card-1,2026-01-05\ncard-1,2026-01-06,5,EUR,A-9\n'),
      6,
      'amount',
      /2 cells/,
    ],
    ['two currencies', row('card-1,2026-01-05,5,USD,A-9\n'), 6, 'currency', /one currency/],
    ['an unknown currency', row('card-1,2026-01-05,5,EUX,A-9\n'), 6, 'currency', /no currency/],
    ['a date in the future', row('card-1,2126-01-05,5,EUR,A-9\n'), 6, 'occurredAt', /future/],
    ['a day that there is not', row('card-1,2026-02-30,5,EUR,A-9\n'), 6, 'occurredAt', /time such as/],
    ['an amount of 1e20', row('card-1,2026-01-05,1e20,EUR,A-9\n'), 6, 'amount', /amount/],
    ['a very long amount', row('card-1,2026-01-05,100000000000000000000,EUR,A-9\n'), 6, 'amount', /amount/],
    ['an amount in words', row('card-1,2026-01-05,five,EUR,A-9\n'), 6, 'amount', /amount/],
    ['a part of a cent', row('card-1,2026-01-05,5.005,EUR,A-9\n'), 6, 'amount', /2 digits/],
    ['a quote that is not closed', row('"card-1,2026-01-05,5,EUR,A-9\n'), 6, '1', /quote/],
    [
      'an invoice in two places',
      'Invoice,Quantity,InvoiceDate,Price,Customer ID\n1,1,2026-01-01,1,a\n2,1,2026-01-01,1,a\n1,1,2026-01-01,1,a\n',
      4,
      'Invoice',
      /together/,
    ],
  ])(
    'with %s are refused by row and column, and nothing of them is imported',
    async (_, text, at, column, reason) => {
      const response = await post(text, { storeId: 'refused' });
      const { error } = ErrorBody.parse(await response.json());
      expect([response.status, error.code, error.fields['row'], error.fields['column']]).toEqual([
        422,
        'IMPORT_INVALID',
        at,
        column,
      ]);
      expect(error.fields['reason']).toMatch(reason);
      expect(await ofStore('refused')).toEqual([]);
      expect(await waiting()).toEqual([]);
    },
  );

  it('that are no text, damaged gzip, no file at all or with a wrong field are refused', async () => {
    const reasonOf = async (response: Response) => ErrorBody.parse(await response.json()).error.fields;
    expect(await reasonOf(await post(new Uint8Array([0xff, 0xfe, 0x00])))).toMatchObject({ reason: /UTF-8/ });
    const cut = gzipSync(OWN.repeat(50)).subarray(0, 60);
    expect(await reasonOf(await post(new Uint8Array(cut)))).toMatchObject({ reason: /gzip/ });
    expect(await reasonOf(await rig.request('POST', '/v1/imports', { body: new FormData() }))).toHaveProperty(
      'file',
    );
    expect(await reasonOf(await post(OWN, { currency: 'EUX' }))).toHaveProperty('currency');
    expect(await waiting()).toEqual([]);
    const all = (await (await rig.request('GET', '/v1/imports?limit=1')).json()) as { items: ImportView[] };
    expect(all.items.map(({ state }) => state)).toEqual(['done']);
    const none = await rig.request('GET', '/v1/imports/imp_9s7d1m3q8w6e0h5t4f2k');
    expect(ErrorBody.parse(await none.json()).error.code).toBe('IMPORT_NOT_FOUND');
  });

  it.each([
    ['resumed', 4, null],
    ['large', MANY_ROWS, 'kept'],
  ])('that were cut short go on at the next start where they were: %s', async (storeId, rows, parts) => {
    const record = {
      importId: idFrom('imp', storeId),
      storeId,
      layout: 'own',
      state: 'importing',
      rows,
      sales: rows,
      stored: 2,
      newCustomers: 2,
      currency: 'EUR',
      from: '2026-01-02T10:00:00.000Z',
      to: '2026-01-04T09:00:00.000Z',
      startedAt: '2026-03-01T09:00:00.000Z',
      finishedAt: null,
      fileHash: 'a'.repeat(64),
    } as const;
    const imports = new ImportsRepository(rig.store);
    await imports.save(record);
    await writeFile(join(rig.dataDir, 'imports', `${record.importId}.csv`), OWN);
    await writeFile(join(rig.dataDir, 'imports', 'upload-left'), 'half a file');
    const { environment, broker, store } = rig;
    const next = await startGateway({
      environment: { ...environment, gatewayPort: 0 },
      broker,
      store,
      telemetry: SILENT,
    });
    await vi.waitFor(async () => expect((await imports.get(record.importId))?.state).toBe('done'));
    await next.stop();
    expect((await ofStore(storeId)).map(({ externalId }) => externalId)).toEqual(['A-3', 'A-4']);
    expect((await imports.get(record.importId))?.stored).toBe(4);
    // What a large one brings is summed from parts.
    expect(await new ImportParts(rig.store).stateOf(record.importId)).toBe(parts);
    expect(await waiting()).toEqual([]);
  });

  if (!existsSync(INVOICES)) console.warn(`not run: the invoices of Online Retail II are not at ${INVOICES}`);
  it.runIf(existsSync(INVOICES))(
    'of 44,876 invoices are imported to the penny',
    async () => {
      const file = readFileSync(INVOICES);
      const view = await finished(await post(new Uint8Array(file), { storeId: 'online' }));
      expect(view).toMatchObject({
        layout: 'uci-invoices',
        rows: 44_876,
        stored: 44_876,
        newCustomers: 5_942,
      });
      const lines = gunzipSync(file).toString().trimEnd().split('\n').slice(1);
      const expected = lines.reduce((sum, line) => sum + Math.round(Number(line.split(',')[5]) * 100), 0);
      const records = await ofStore('online');
      const sum = records.reduce(
        (all, { kind, amountMinor }) => all + (kind === 'sale' ? 1 : -1) * amountMinor,
        0,
      );
      expect([records.length, sum]).toEqual([44_876, expected]);
    },
    180_000,
  );
});
