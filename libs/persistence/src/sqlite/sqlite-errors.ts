import { isRegularsError, messageOf, RegularsError, TransientError } from '@regulars/contracts';

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

export function isConstraint(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_CONSTRAINT');
}

/** SQLite's result codes as errors of ours: https://www.sqlite.org/rescode.html. The reason names the code and
 *  never the statement's values. */
export function storeError(error: unknown, collection: string | null): unknown {
  if (isRegularsError(error)) return error;
  const code = codeOf(error);
  const fields = { store: 'sqlite', collection, reason: code || 'closed' };
  if (code === 'SQLITE_FULL') return new TransientError('STORE_FULL', fields);
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
    return new RegularsError('STORE_CORRUPT', fields);
  if (isConstraint(error)) return new RegularsError('VALUE_TAKEN', fields);
  if (/^SQLITE_(BUSY|LOCKED|IOERR|CANTOPEN|READONLY|PROTOCOL|PERM|NOLFS)/.test(code))
    return new TransientError('STORE_UNAVAILABLE', fields);
  if (code === '' && messageOf(error).includes('ConnectionFailed'))
    return new TransientError('STORE_UNAVAILABLE', { ...fields, reason: 'the file cannot be opened' });
  return error;
}
