import { assertNever, currencyDigits, type ImportLayout, isCurrency, minorOf } from '@regulars/contracts';
import type { CsvRow } from './csv-rows.js';
import { importInvalid } from './import-refusal.js';
import { instantOfText } from './local-time.js';

/** A sale (or, with a negative amount, money given back) as one or several rows of a file tell it. */
export interface ImportedSale {
  /** Its first row. */
  readonly row: number;
  /** The file's own id of it; null when the layout has none. */
  readonly externalId: string | null;
  /** The operator's number of the customer; null for nobody. */
  readonly customer: string | null;
  readonly occurredAtMs: number;
  readonly amountMinor: number;
  readonly currency: string;
  readonly items: number | null;
}

export interface LayoutOptions {
  /** For layouts without a column of it, and for rows that leave it empty. */
  readonly currency: string | undefined;
  /** Of the shop: where the file names none. */
  readonly shopCurrency: string;
  readonly timeZone: string;
  /** What lies later is refused. */
  readonly latestMs: number;
}

/** UCI's shop sells in pounds. */
const UCI_CURRENCY = 'GBP';
const LONGEST_ID = 120;

/** Names of a column, without case, spaces and underscores. */
const COLUMNS = {
  own: {
    customer: ['customerid'],
    time: ['occurredat'],
    amount: ['amount'],
    currency: ['currency'],
    id: ['saleid'],
  },
  'uci-lines': {
    id: ['invoice', 'invoiceno'],
    quantity: ['quantity'],
    time: ['invoicedate'],
    price: ['price', 'unitprice'],
    customer: ['customerid'],
  },
  'uci-invoices': {
    id: ['invoice', 'invoiceno'],
    customer: ['customerid'],
    time: ['date', 'invoicedate'],
    items: ['qty', 'quantity'],
    amount: ['amount'],
  },
} as const satisfies Record<ImportLayout, Record<string, readonly string[]>>;
const MAY_LACK: readonly string[] = ['currency', 'id of own', 'items'];

export interface Header {
  readonly layout: ImportLayout;
  /** The file's own names of its columns. */
  readonly names: readonly string[];
  /** Place of each column that is read. */
  readonly places: Readonly<Record<string, number>>;
}

/** Which layout a header is of.
 *  @throws RegularsError IMPORT_INVALID naming what is missing of the likeliest one */
export function headerOf({ row, cells }: CsvRow): Header {
  const plain = cells.map((name) => name.toLowerCase().replace(/[\s_]/g, ''));
  const layout: ImportLayout = plain.includes('occurredat')
    ? 'own'
    : plain.some((name) => name === 'price' || name === 'unitprice')
      ? 'uci-lines'
      : plain.some((name) => name.startsWith('invoice'))
        ? 'uci-invoices'
        : 'own';
  const places: Record<string, number> = {};
  for (const [field, accepted] of Object.entries<readonly string[]>(COLUMNS[layout])) {
    const place = plain.findIndex((name) => accepted.includes(name));
    if (place >= 0) places[field] = place;
    else if (!MAY_LACK.includes(field) && !MAY_LACK.includes(`${field} of ${layout}`)) {
      const known = 'customerId,occurredAt,amount[,currency,saleId], or UCI Online Retail';
      throw importInvalid(row, accepted[0] ?? field, `the header has no such column; expected ${known}`);
    }
  }
  return { layout, names: cells, places };
}

/** Reads rows of one layout. Rows of one invoice of `uci-lines` stand together and make one sale. */
export class LayoutReader {
  private invoice: { first: ImportedSale; amount: number; items: number } | null = null;
  private readonly invoices = new Set<string>();

  constructor(
    readonly header: Header,
    private readonly options: LayoutOptions,
  ) {}

  /** @returns the sales that are complete with this row
   *  @throws RegularsError IMPORT_INVALID naming row and column */
  read(row: CsvRow): ImportedSale[] {
    const { names } = this.header;
    if (row.cells.length !== names.length) {
      const column = names[Math.min(row.cells.length, names.length - 1)] ?? null;
      throw importInvalid(
        row.row,
        column,
        `the row has ${row.cells.length} cells, the header ${names.length}`,
      );
    }
    switch (this.header.layout) {
      case 'own':
      case 'uci-invoices':
        return [this.whole(row)];
      case 'uci-lines':
        return this.line(row);
      default:
        return assertNever(this.header.layout);
    }
  }

  /** What is complete once there are no more rows. */
  end(): ImportedSale[] {
    const { invoice } = this;
    this.invoice = null;
    if (invoice === null) return [];
    const digits = currencyDigits(invoice.first.currency);
    const amountMinor = Math.round(Number((invoice.amount * 10 ** digits).toPrecision(15)));
    return [{ ...invoice.first, amountMinor, items: invoice.items }];
  }

  private whole(row: CsvRow): ImportedSale {
    const sale = this.common(row);
    const amountMinor = minorOf(this.cell(row, 'amount'), sale.currency);
    if (amountMinor === null) {
      const digits = currencyDigits(sale.currency);
      const reason = `expected an amount with at most ${digits} digits behind the point, up to a million million of the smallest unit`;
      throw importInvalid(row.row, this.nameOf('amount'), reason);
    }
    const items = this.cell(row, 'items');
    return { ...sale, amountMinor, items: /^\d{1,7}$/.test(items) ? Number(items) : null };
  }

  private line(row: CsvRow): ImportedSale[] {
    const sale = this.common(row);
    const quantity = this.number(row, 'quantity');
    const amount = quantity * this.number(row, 'price');
    const items = Math.max(0, quantity);
    const { externalId } = sale;
    if (this.invoice !== null && this.invoice.first.externalId === externalId) {
      this.invoice.amount += amount;
      this.invoice.items += items;
      return [];
    }
    const complete = this.end();
    if (externalId === null || this.invoices.has(externalId))
      throw importInvalid(row.row, this.nameOf('id'), 'the rows of an invoice must stand together');
    this.invoices.add(externalId);
    this.invoice = { first: sale, amount, items };
    return complete;
  }

  private common(row: CsvRow): ImportedSale {
    const { options } = this;
    const occurredAtMs = instantOfText(this.cell(row, 'time'), options.timeZone);
    if (occurredAtMs === null)
      throw importInvalid(row.row, this.nameOf('time'), 'expected a time such as 2026-03-01T09:12:40Z');
    if (occurredAtMs > options.latestMs)
      throw importInvalid(row.row, this.nameOf('time'), 'lies in the future');
    const id = this.cell(row, 'id');
    const customer = this.cell(row, 'customer').replace(/\.0$/, '');
    for (const [field, text] of [
      ['id', id],
      ['customer', customer],
    ] as const)
      if (text.length > LONGEST_ID)
        throw importInvalid(row.row, this.nameOf(field), `is longer than ${LONGEST_ID} characters`);
    return {
      row: row.row,
      externalId: id === '' ? null : id,
      customer: customer === '' ? null : customer,
      occurredAtMs,
      amountMinor: 0,
      currency: this.currencyOf(row),
      items: null,
    };
  }

  private currencyOf(row: CsvRow): string {
    const given = this.cell(row, 'currency');
    const { currency, shopCurrency } = this.options;
    const usual = currency ?? (this.header.layout === 'own' ? shopCurrency : UCI_CURRENCY);
    const code = given === '' ? usual : given;
    if (!isCurrency(code))
      throw importInvalid(row.row, this.nameOf('currency'), 'is no currency in use (ISO 4217)');
    return code;
  }

  private number(row: CsvRow, field: string): number {
    const text = this.cell(row, field);
    if (!/^-?\d{1,9}(\.\d{1,12})?$/.test(text))
      throw importInvalid(row.row, this.nameOf(field), 'expected a number');
    return Number(text);
  }

  private cell({ cells }: CsvRow, field: string): string {
    return cells[this.header.places[field] ?? -1] ?? '';
  }

  private nameOf(field: string): string {
    return this.header.names[this.header.places[field] ?? -1] ?? field;
  }
}
