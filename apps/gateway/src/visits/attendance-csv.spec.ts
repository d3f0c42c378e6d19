import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attendanceLine, clockTime, csvCell } from './attendance-csv.js';

/** A reader by RFC 4180. */
function readLine(line: string): string[] {
  const cells: string[] = [];
  let rest = line;
  for (;;) {
    const [, quoted, plain = ''] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))/.exec(rest) ?? [];
    const raw = quoted === undefined ? plain : quoted;
    rest = rest.slice(quoted === undefined ? plain.length : quoted.length + 2);
    cells.push(quoted === undefined ? raw : raw.replaceAll('""', '"'));
    if (!rest.startsWith(',')) break;
    rest = rest.slice(1);
  }
  expect(rest).toBe('\r\n');
  return cells;
}

describe('attendance as CSV', () => {
  it.each([
    ['Ada', 'Ada'],
    ['Byron, Ada', '"Byron, Ada"'],
    ['Ada "the first"', '"Ada ""the first"""'],
    ['=1+1', "'=1+1"],
    ['+49 30', "'+49 30"],
    ['-2', "'-2"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
    ['Ada\r\nSet-Cookie: a=b', '"Ada\r\nSet-Cookie: a=b"'],
    ['Zoë 李', 'Zoë 李'],
    ['', ''],
  ])('writes %j as %j', (text, cell) => {
    expect(csvCell(text)).toBe(cell);
  });

  it('is read back as it was written, and no cell is a formula', () => {
    const line = (displayName: string) =>
      attendanceLine(
        {
          day: '2026-03-01',
          storeId: 'main',
          customerId: 'cus_4f2k9s7d1m3q8w6e0h5t',
          displayName,
          firstSeenAt: '2026-03-01T09:00:23.600Z',
        },
        clockTime('UTC'),
      );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const [cell = '', ...others] = readLine(line(name));
        expect(cell).toBe(/^[=+\-@\t\r]/.test(name) ? `'${name}` : name);
        expect(cell).not.toMatch(/^[=+\-@\t\r]/);
        expect(others).toEqual(['2026-03-01', '09:00:23', 'cus_4f2k9s7d1m3q8w6e0h5t', 'main']);
      }),
    );
  });

  it("gives the time in the shop's time zone", () => {
    expect(clockTime('Europe/Berlin')('2026-07-01T22:30:05.000Z')).toBe('00:30:05');
    expect(clockTime('UTC')('2026-07-01T22:30:05.000Z')).toBe('22:30:05');
  });
});
