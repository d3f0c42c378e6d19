import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvRows } from './csv-rows.js';

async function* inPieces(text: string, sizes: readonly number[]): AsyncGenerator<string> {
  let at = 0;
  for (let i = 0; at < text.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield text.slice(at, at + size);
    at += size;
  }
}

async function rowsOf(text: string, sizes: readonly number[] = [7]): Promise<[number, readonly string[]][]> {
  const rows: [number, readonly string[]][] = [];
  for await (const { row, cells } of csvRows(inPieces(text, sizes))) rows.push([row, cells]);
  return rows;
}

describe('rows of CSV', () => {
  it('end in LF, CRLF or with the file; empty ones count and are left out; a byte order mark is none of it', async () => {
    expect(await rowsOf('\uFEFFa,b\r\n\n1, 2 \n3,')).toEqual([
      [1, ['a', 'b']],
      [3, ['1', '2']],
      [4, ['3', '']],
    ]);
    expect(await rowsOf('')).toEqual([]);
  });

  it('come back as they were written, in whatever pieces they arrive', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'é'), maxLength: 8 });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(table, sizes, async (cells, pieces) => {
        const text = cells.map((row) => row.map(quoted).join(',')).join('\r\n');
        const rows = await rowsOf(text, pieces);
        expect(rows.map(([, row]) => row)).toEqual(cells);
      }),
    );
  });

  it.each(['a,"b', 'a,b"c"', '"a"b,c'])('%s is refused', async (text) => {
    await expect(rowsOf(`x,y\n${text}\n`)).rejects.toMatchObject({
      code: 'IMPORT_INVALID',
      fields: { row: 2 },
    });
  });

  it('that are longer than any row are refused before they fill the memory', async () => {
    await expect(rowsOf(`a,"${'x\n'.repeat(60_000)}`, [10_000])).rejects.toMatchObject({
      code: 'IMPORT_INVALID',
    });
  });
});
