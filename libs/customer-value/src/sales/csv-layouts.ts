import { isCurrency, RegularsError } from '@regulars/contracts';

/** One row of a file of sales, checked. */
export interface SaleRow {
  /** Null where the file names none. */
  readonly saleId: string | null;
  /** Null where the till knew nobody: such rows are counted and left out. */
  readonly customerId: string | null;
  readonly occurredAtMs: number;
  /** In the currency's major unit; negative for money given back. */
  readonly amount: number;
  /** ISO 4217; null where the file names none. */
  readonly currency: string | null;
}

export interface SalesLayout {
  /** `own`: customerId,occurredAt,amount[,currency,saleId]; `invoices`: UCI Online Retail II by invoice; `lines`: UCI
   *  Online Retail (II), several rows to an invoice. */
  readonly name: 'own' | 'invoices' | 'lines';
  /** @param fields one row, @param line its number in the file, counted from 1
   *  @throws RegularsError IMPORT_INVALID naming the line and what is wrong */
  parse(fields: readonly string[], line: number): SaleRow;
}

/** More than this in one sale is a slip of the keyboard or an attack: a float holds its minor units exactly. */
const MOST_AMOUNT = 1e9;

/** A till's clock may be ahead by so much. */
const CLOCK_AHEAD_MS = 3_600_000;

/** Columns by layout: what a row needs, under the names it goes by. */
const LAYOUTS = {
  own: { customerId: ['customerid'], occurredAt: ['occurredat'], amount: ['amount'] },
  invoices: { saleId: ['invoice'], customerId: ['customerid'], occurredAt: ['date'], amount: ['amount'] },
  lines: {
    saleId: ['invoice', 'invoiceno'],
    customerId: ['customer id', 'customerid'],
    occurredAt: ['invoicedate'],
    quantity: ['quantity'],
    price: ['price', 'unitprice'],
  },
} as const;

const OPTIONAL = { currency: ['currency'], saleId: ['saleid'] } as const;

/** Recognises a file by its first row.
 *  @param nowMs sales after it (and an hour) are refused
 *  @throws RegularsError IMPORT_INVALID when the columns are none of the layouts' */
export function layoutOf(header: readonly string[], nowMs: number): SalesLayout {
  const names = header.map((name) =>
    name
      .replace(/^\uFEFF/, '')
      .trim()
      .toLowerCase(),
  );
  const placeOf = (aliases: readonly string[]) => names.findIndex((name) => aliases.includes(name));
  for (const name of ['lines', 'invoices', 'own'] as const) {
    const wanted = { ...(name === 'own' ? OPTIONAL : {}), ...LAYOUTS[name] };
    const places = new Map(Object.entries(wanted).map(([key, aliases]) => [key, placeOf(aliases)]));
    if (Object.keys(LAYOUTS[name]).some((key) => (places.get(key) ?? -1) < 0)) continue;
    return {
      name,
      parse: (fields, line) => {
        if (fields.length !== names.length)
          throw broken(line, `${fields.length} fields instead of ${names.length}`);
        return parseRow((key) => fields[places.get(key) ?? -1]?.trim() ?? '', { name, line, nowMs });
      },
    };
  }
  throw broken(1, 'the first row names the columns of no known layout');
}

function broken(line: number, problem: string): RegularsError {
  return new RegularsError('IMPORT_INVALID', { row: line, reason: problem });
}

interface Place {
  readonly name: SalesLayout['name'];
  readonly line: number;
  readonly nowMs: number;
}

function parseRow(field: (key: string) => string, { name, line, nowMs }: Place): SaleRow {
  const occurredAtMs = instantOf(field('occurredAt'));
  if (occurredAtMs === null) throw broken(line, 'the time is not ISO 8601, such as 2026-03-01T09:30:00Z');
  if (occurredAtMs > nowMs + CLOCK_AHEAD_MS) throw broken(line, 'the time lies in the future');
  const amount =
    name === 'lines' ? numberOf(field('quantity')) * numberOf(field('price')) : numberOf(field('amount'));
  if (Number.isNaN(amount)) throw broken(line, 'the amount is not a number');
  if (Math.abs(amount) > MOST_AMOUNT) throw broken(line, `the amount is beyond ${MOST_AMOUNT}`);
  const currency = field('currency').toUpperCase();
  if (currency !== '' && !isCurrency(currency)) throw broken(line, 'the currency is none in use (ISO 4217)');
  // Spreadsheets make 13085.0 of a customer's number.
  const customerId = field('customerId').replace(/^(\d+)\.0$/, '$1');
  if (customerId === '' && name === 'own') throw broken(line, 'the customerId is empty');
  if (customerId.length > 200 || field('saleId').length > 200)
    throw broken(line, 'an id is beyond 200 characters');
  return {
    saleId: field('saleId') || null,
    customerId: customerId || null,
    occurredAtMs,
    amount,
    currency: currency || null,
  };
}

/** Plain decimals only: NaN for anything else, as for `1,5`, `0x1f` and the empty text. */
function numberOf(text: string): number {
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
}

/** ISO 8601, UTC unless it says otherwise; also the US form that UCI's spreadsheet exports (12/1/2010 8:26). */
function instantOf(text: string): number | null {
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2})$/.exec(text);
  if (american !== null) {
    const [month = 0, day = 0, year = 0, hour = 0, minute = 0] = american.slice(1).map(Number);
    return checked(Date.UTC(year, month - 1, day, hour, minute), day);
  }
  const iso = /^\d{4}-\d{2}-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(
    text,
  );
  if (iso === null) return null;
  const [, day, time = '00:00', zone = 'Z'] = iso;
  const instant = Date.parse(`${text.slice(0, 10)}T${time}${zone}`);
  // 30 February would move into March.
  const local = zone === 'Z' ? instant : Date.parse(`${text.slice(0, 10)}T${time}Z`);
  return Number.isNaN(instant) || checked(local, Number(day)) === null ? null : instant;
}

function checked(instant: number, day: number): number | null {
  return new Date(instant).getUTCDate() === day ? instant : null;
}
