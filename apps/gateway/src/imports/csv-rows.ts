import { importInvalid } from './import-refusal.js';

/** Characters of one row; more means a quote that was never closed. */
const LONGEST_ROW = 100_000;

export interface CsvRow {
  /** 1 is the first row of the file, the header. */
  readonly row: number;
  readonly cells: readonly string[];
}

/** Rows of a CSV text (RFC 4180): comma, quotes doubled inside of quotes, rows that end in LF or CRLF. Empty rows
 *  are left out but counted.
 *  @throws RegularsError IMPORT_INVALID for a quote that is not closed, or not alone in its cell */
export async function* csvRows(texts: AsyncIterable<string>): AsyncGenerator<CsvRow> {
  const reader = new RowReader();
  for await (const text of texts) yield* reader.read(text);
  yield* reader.end();
}

class RowReader {
  private row = 1;
  private rest = '';
  private isFirst = true;

  *read(text: string): Generator<CsvRow> {
    this.rest += this.isFirst ? text.replace(/^\uFEFF/, '') : text;
    this.isFirst = false;
    let start = 0;
    for (;;) {
      const end = endOfRow(this.rest, start);
      if (end < 0) break;
      const cells = cellsOf(this.rest.slice(start, end).replace(/\r$/, ''), this.row);
      if (cells !== null) yield { row: this.row, cells };
      this.row += 1;
      start = end + 1;
    }
    this.rest = this.rest.slice(start);
    if (this.rest.length > LONGEST_ROW)
      throw importInvalid(this.row, null, 'the row is too long, or a quote is not closed');
  }

  *end(): Generator<CsvRow> {
    const cells = cellsOf(this.rest.replace(/\r$/, ''), this.row);
    if (cells !== null) yield { row: this.row, cells };
  }
}

/** Where the row ends that begins at `start`: at the first line feed outside of quotes; -1 when it is not there. */
function endOfRow(text: string, start: number): number {
  let from = start;
  for (;;) {
    const line = text.indexOf('\n', from);
    if (line < 0) return -1;
    const quote = text.indexOf('"', from);
    if (quote < 0 || quote > line) return line;
    const close = text.indexOf('"', quote + 1);
    if (close < 0) return -1;
    from = close + 1;
  }
}

/** @returns null for an empty row */
function cellsOf(line: string, row: number): string[] | null {
  if (line.trim() === '') return null;
  if (!line.includes('"')) return line.split(',').map((cell) => cell.trim());
  const cells: string[] = [];
  let at = 0;
  while (at <= line.length) {
    const match = /\s*"((?:[^"]|"")*)"\s*(?=,|$)|([^",]*)(?=,|$)/y;
    match.lastIndex = at;
    const found = match.exec(line);
    if (found === null)
      throw importInvalid(row, String(cells.length + 1), 'a quote is not closed or stands inside of a cell');
    cells.push(found[1] === undefined ? (found[2] ?? '').trim() : found[1].replaceAll('""', '"'));
    at = match.lastIndex + 1;
  }
  return cells;
}
