import { RegularsError } from '@regulars/contracts';

/** Why a file is refused. Row 1 is the header.
 *  @param column its name; null when it is about the row as a whole */
export function importInvalid(row: number, column: string | null, reason: string): RegularsError {
  return new RegularsError('IMPORT_INVALID', { row, column, reason });
}
