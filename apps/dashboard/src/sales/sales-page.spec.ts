import { NewSale } from '@regulars/contracts';
import { describe, expect, it } from 'vitest';
import { curlOf } from './curl.js';
import { rowErrorOf } from './row-error.js';

describe('the place of an import’s error', () => {
  it('is the row, the column and the reason that the gateway names', () => {
    const fields = { row: 417, column: 'amount', reason: 'is no amount' };
    expect(rowErrorOf({ code: 'IMPORT_INVALID', fields })).toEqual(fields);
    expect(rowErrorOf({ code: 'IMPORT_INVALID', fields: { ...fields, column: null } })).toEqual({
      ...fields,
      column: null,
    });
  });

  it('is none for other errors', () => {
    expect(rowErrorOf({ code: 'IMPORT_RUNNING', fields: { importId: 'imp_1' } })).toBeNull();
    expect(rowErrorOf({ code: 'REQUEST_INVALID', fields: { row: 1, reason: 'x' } })).toBeNull();
  });
});

describe('the command to try a key', () => {
  it('posts a sale that the gateway’s schema takes', () => {
    const command = curlOf('http://127.0.0.1:8080', 'key-1', new Date('2026-03-01T12:00:00Z'));
    const body = /-d '(.+)'$/s.exec(command)?.[1] ?? '';
    expect(NewSale.safeParse(JSON.parse(body)).success).toBe(true);
    expect(command).toContain('Bearer key-1');
  });
});
