import { currencyDigits, RegularsError } from '@regulars/contracts';
import { layoutOf, type SaleRow, type SalesLayout } from './csv-layouts.js';
import type { Sale } from './sale.js';

/** What a file of sales holds. */
export interface SalesFile {
  readonly layout: SalesLayout['name'];
  readonly sales: readonly Sale[];
  /** Of all sales; null when the file names none. */
  readonly currency: string | null;
  /** Rows of nobody in particular, left out. */
  readonly rowsWithoutCustomer: number;
  /** Invoices that came a second time with the same lines, as in UCI's two overlapping sheets; counted once. */
  readonly repeatedInvoices: number;
}

/** Lines of one invoice that follow each other in the file. */
interface Block {
  lines: number;
  amount: number;
}

interface Invoice {
  readonly row: SaleRow;
  readonly blocks: Block[];
}

/** Takes the rows of a file one by one; keeps nothing when one of them is wrong. */
export class SalesFileReader {
  private readonly layout: SalesLayout;
  private readonly invoices = new Map<string, Invoice>();
  private readonly namesakes = new Map<string, number>();
  private currency: string | null = null;
  private rows = 0;
  private rowsWithoutCustomer = 0;
  private previousKey = '';

  /** @param nowMs what lies after it is refused
   *  @throws RegularsError IMPORT_INVALID as `layoutOf` does */
  constructor(header: readonly string[], nowMs: number) {
    this.layout = layoutOf(header, nowMs);
  }

  /** @throws RegularsError IMPORT_INVALID naming the line and what is wrong */
  add(fields: readonly string[], line: number): void {
    const row = this.layout.parse(fields, line);
    this.checkCurrency(row.currency, line);
    this.rows += 1;
    if (row.customerId === null) this.rowsWithoutCustomer += 1;
    const key = row.saleId ?? this.idOf(row);
    const invoice = this.invoices.get(key);
    if (invoice === undefined) this.invoices.set(key, { row, blocks: [{ lines: 1, amount: row.amount }] });
    else if (this.layout.name !== 'lines') this.checkRepeated(invoice.row, row, line);
    else addLine(invoice.blocks, row.amount, this.previousKey === key);
    this.previousKey = key;
  }

  /** @throws RegularsError IMPORT_INVALID when there was no row, or none with a customer */
  finish(): SalesFile {
    if (this.rows === this.rowsWithoutCustomer)
      throw new RegularsError('IMPORT_INVALID', {
        row: this.rows + 1,
        reason: 'there is no sale with a customer',
      });
    let repeatedInvoices = 0;
    const sales = [...this.invoices].flatMap(([saleId, { row, blocks }]): Sale[] => {
      const distinct = distinctBlocks(blocks);
      if (distinct.length < blocks.length) repeatedInvoices += 1;
      if (row.customerId === null) return [];
      const amount = distinct.reduce((sum, block) => sum + block.amount, 0);
      const amountMinor = Math.round(
        amount * 10 ** (this.currency === null ? 2 : currencyDigits(this.currency)),
      );
      return [{ saleId, customerId: row.customerId, occurredAtMs: row.occurredAtMs, amountMinor }];
    });
    const { currency, rowsWithoutCustomer } = this;
    return { layout: this.layout.name, sales, currency, rowsWithoutCustomer, repeatedInvoices };
  }

  /** Rows without an id are told apart by what they say, and equal ones by their number: a second import of the file
   *  gives the same ids. */
  private idOf({ customerId, occurredAtMs, amount }: SaleRow): string {
    const content = `${customerId} ${occurredAtMs} ${amount}`;
    const number = (this.namesakes.get(content) ?? 0) + 1;
    this.namesakes.set(content, number);
    return `${content} ${number}`;
  }

  private checkCurrency(currency: string | null, line: number): void {
    if (this.rows === 0) this.currency = currency;
    if (currency === this.currency) return;
    const problem = `the currency is ${currency ?? 'missing'}, above it is ${this.currency ?? 'missing'}: one file, one currency`;
    throw new RegularsError('IMPORT_INVALID', { row: line, reason: problem });
  }

  private checkRepeated(first: SaleRow, again: SaleRow, line: number): void {
    if (
      first.amount === again.amount &&
      first.customerId === again.customerId &&
      first.occurredAtMs === again.occurredAtMs
    )
      return;
    throw new RegularsError('IMPORT_INVALID', { row: line, reason: 'the id belongs to another sale above' });
  }
}

function addLine(blocks: Block[], amount: number, isNext: boolean): void {
  const block = blocks.at(-1);
  if (!isNext || block === undefined) blocks.push({ lines: 1, amount });
  else {
    block.lines += 1;
    block.amount += amount;
  }
}

/** A block with the lines and the sum of an earlier one is that block again. */
function distinctBlocks(blocks: readonly Block[]): readonly Block[] {
  return blocks.filter(
    (block, index) =>
      !blocks
        .slice(0, index)
        .some(({ lines, amount }) => lines === block.lines && Math.abs(amount - block.amount) < 0.005),
  );
}
