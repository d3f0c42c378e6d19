import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';

/** One invoice of UCI Online Retail II. */
export interface Invoice {
  readonly customer: string;
  readonly atMs: number;
  /** Rows of the original sheet. */
  readonly lines: number;
  /** Pounds; negative for a cancellation. */
  readonly amount: number;
}

/** Rows of a CSV file whose fields hold no quotes, by the names of the header; plain or gzip.
 *  @throws Error naming the file when a column is missing */
async function rowsOf(path: string, columns: readonly string[]): Promise<string[][]> {
  const bytes = await readFile(path);
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const [header = '', ...lines] = (isGzip ? gunzipSync(bytes) : bytes)
    .toString('utf8')
    .trimEnd()
    .split(/\r?\n/);
  const names = header.split(',');
  const places = columns.map((column) => names.indexOf(column));
  const missing = columns.filter((_, index) => (places[index] ?? -1) < 0);
  if (missing.length > 0) throw new Error(`${path} has no column ${missing.join(', ')}`);
  return lines.map((line) => {
    const fields = line.split(',');
    return places.map((place) => fields[place] ?? '');
  });
}

/** The invoices of `invoices.csv.gz` (Invoice, CustomerID, date, lines, qty, amount, country, cancel).
 *  @throws Error naming the file when it has another form */
export async function readInvoices(path: string): Promise<Invoice[]> {
  const rows = await rowsOf(path, ['CustomerID', 'date', 'lines', 'amount']);
  return rows.map(([customer = '', date = '', lines, amount], index) => {
    const invoice = {
      customer: customer.replace(/\.0$/, ''),
      atMs: Date.parse(`${date.replace(' ', 'T')}Z`),
      lines: Number(lines),
      amount: Number(amount),
    };
    if ([invoice.atMs, invoice.lines, invoice.amount].some(Number.isNaN))
      throw new Error(`${path}, row ${index + 2}: date, lines or amount cannot be read`);
    return invoice;
  });
}

/** Classes of customers by month. */
export interface MonthlyClasses {
  readonly customers: readonly string[];
  /** First instant that a month's class does not know of, ascending. */
  readonly cutsMs: readonly number[];
  /** 1 low, 2 medium, 3 high: [customer][month]. */
  readonly classes: readonly Uint8Array[];
}

/** The seed's published classes: a row per customer, a column per month.
 *  @throws Error naming the file when it has another form */
export async function readClasses(path: string): Promise<MonthlyClasses> {
  const header = (await readFile(path, 'utf8')).split(/\r?\n/, 1)[0] ?? '';
  const months = header.split(',').slice(1);
  const rows = await rowsOf(path, ['', ...months]);
  const classes = rows.map(([, ...cells]) => Uint8Array.from(cells, Number));
  if (months.length < 2 || classes.some((row) => row.some((value) => value < 1 || value > 3)))
    throw new Error(`${path} does not hold classes 1 to 3 by month`);
  return {
    customers: rows.map(([customer = '']) => customer.replace(/\.0$/, '')),
    cutsMs: months.map((month) => Date.parse(`${month}T00:00:00Z`)),
    classes,
  };
}
