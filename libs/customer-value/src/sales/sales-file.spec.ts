import { RegularsError } from '@regulars/contracts';
import { describe, expect, it } from 'vitest';
import { SalesFileReader, type SalesFile } from './sales-file.js';

const NOW = Date.parse('2026-03-01T00:00:00Z');

/** Reads a file whose fields hold no commas. */
function read(...lines: readonly string[]): SalesFile {
  const [header = '', ...rows] = lines;
  const reader = new SalesFileReader(header.split(','), NOW);
  rows.forEach((row, index) => reader.add(row.split(','), index + 2));
  return reader.finish();
}

/** What the reader says is wrong, and in which line. */
function problemOf(...lines: readonly string[]): unknown {
  try {
    read(...lines);
  } catch (error) {
    if (error instanceof RegularsError)
      return [error.code, error.fields['row'] ?? null, error.fields['reason']];
    throw error;
  }
  return null;
}

const OWN = 'customerId,occurredAt,amount';
const LINES = 'Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country';

describe('a file of sales', () => {
  it('of our own layout may leave out currency and id, or give them in any order', () => {
    expect(read(OWN, 'ann,2026-01-05T09:30:00Z,12.30').sales).toEqual([
      {
        saleId: expect.any(String) as string,
        customerId: 'ann',
        occurredAtMs: Date.parse('2026-01-05T09:30:00Z'),
        amountMinor: 1230,
      },
    ]);
    const { sales, currency } = read(
      'saleId,currency,amount,occurredAt,customerId',
      's1,jpy,-500,2026-01-05,ann',
    );
    expect([sales[0]?.saleId, sales[0]?.amountMinor, currency]).toEqual(['s1', -500, 'JPY']);
  });

  it('without ids gives the same ids again, and keeps equal sales apart', () => {
    const rows = [OWN, 'ann,2026-01-05T09:30:00Z,5', 'ann,2026-01-05T09:30:00Z,5'];
    const ids = read(...rows).sales.map(({ saleId }) => saleId);
    expect(new Set(ids).size).toBe(2);
    expect(read(...rows).sales.map(({ saleId }) => saleId)).toEqual(ids);
  });

  it("of UCI's invoices is read", () => {
    const { layout, sales } = read(
      'Invoice,CustomerID,date,lines,qty,amount,country,cancel',
      'C489449,16321.0,2009-12-01 10:33:00,9,-100,-196.1,Australia,1',
    );
    expect(layout).toBe('invoices');
    expect(sales).toEqual([
      {
        saleId: 'C489449',
        customerId: '16321',
        occurredAtMs: Date.parse('2009-12-01T10:33:00Z'),
        amountMinor: -19610,
      },
    ]);
  });

  it("of UCI's lines is summed by invoice, and the overlap of its two sheets counts once", () => {
    const first = ['536365,1,A,6,12/1/2010 8:26,2.55,17850,UK', '536365,1,B,2,12/1/2010 8:26,1.00,17850,UK'];
    const other = '536366,1,C,1,2010-12-01 8:28,9.99,,UK'.replace(' 8:28', ' 08:28');
    const { sales, repeatedInvoices, rowsWithoutCustomer } = read(LINES, ...first, other, ...first);
    expect(sales.map(({ saleId, amountMinor }) => [saleId, amountMinor])).toEqual([['536365', 1730]]);
    expect([repeatedInvoices, rowsWithoutCustomer]).toEqual([1, 1]);
  });

  it('whose invoice is scattered over the file is summed all the same', () => {
    const { sales } = read(
      LINES,
      '1,x,A,1,2010-12-01 08:26,2,7,UK',
      '2,x,A,1,2010-12-01 08:26,3,8,UK',
      '1,x,A,1,2010-12-01 08:26,4,7,UK',
    );
    expect(sales.map(({ amountMinor }) => amountMinor)).toEqual([600, 300]);
  });

  it('is refused as a whole with the line and the reason', () => {
    const good = 'ann,2026-01-05T09:30:00Z,12.30';
    const at = (row: string, header = OWN) => problemOf(header, good, row, good);
    expect(at('ann,2026-01-05T09:30:00Z')).toEqual(['IMPORT_INVALID', 3, '2 fields instead of 3']);
    expect(at('ann,2026-01-05T09:30:00Z,1e20')).toEqual([
      'IMPORT_INVALID',
      3,
      'the amount is beyond 1000000000',
    ]);
    expect(at('ann,2026-01-05T09:30:00Z,12;30')).toEqual(['IMPORT_INVALID', 3, 'the amount is not a number']);
    expect(at('ann,2026-05-05T09:30:00Z,12')).toEqual(['IMPORT_INVALID', 3, 'the time lies in the future']);
    expect(at('ann,2026-02-30,12')).toMatchObject(['IMPORT_INVALID', 3, expect.stringContaining('ISO 8601')]);
    expect(at(',2026-01-05,12')).toEqual(['IMPORT_INVALID', 3, 'the customerId is empty']);
  });

  it('in two currencies is refused', () => {
    const header = `${OWN},currency`;
    expect(problemOf(header, 'ann,2026-01-05,1,EUR', 'ann,2026-01-05,1,GBP')).toEqual([
      'IMPORT_INVALID',
      3,
      'the currency is GBP, above it is EUR: one file, one currency',
    ]);
    expect(problemOf(header, 'ann,2026-01-05,1,EUR', 'ann,2026-01-05,1,')).toMatchObject([
      'IMPORT_INVALID',
      3,
      expect.any(String),
    ]);
  });

  it('that is empty, or has other columns, is refused', () => {
    expect(problemOf(OWN)).toEqual(['IMPORT_INVALID', 1, 'there is no sale with a customer']);
    expect(problemOf('')).toMatchObject(['IMPORT_INVALID', 1, expect.any(String)]);
    expect(problemOf('customerId,amount', 'ann,1')).toMatchObject(['IMPORT_INVALID', 1, expect.any(String)]);
  });

  it('may repeat a sale, but not give its id to another', () => {
    const header = `${OWN},saleId`;
    expect(read(header, 'ann,2026-01-05,1,s1', 'ann,2026-01-05,1,s1').sales).toHaveLength(1);
    expect(problemOf(header, 'ann,2026-01-05,1,s1', 'ann,2026-01-05,2,s1')).toEqual([
      'IMPORT_INVALID',
      3,
      'the id belongs to another sale above',
    ]);
  });
});
