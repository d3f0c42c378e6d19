/** Where in a file an import was refused, and why. */
export interface RowError {
  /** 1 is the header. */
  readonly row: number;
  /** Null when it is about the row as a whole. */
  readonly column: string | null;
  readonly reason: string;
}

/** The place that an IMPORT_INVALID names. @returns null for every other error */
export function rowErrorOf(error: {
  readonly code: string;
  readonly fields: Readonly<Record<string, unknown>>;
}): RowError | null {
  const { row, column, reason } = error.fields;
  if (error.code !== 'IMPORT_INVALID' || typeof row !== 'number' || typeof reason !== 'string') return null;
  return { row, column: typeof column === 'string' ? column : null, reason };
}
