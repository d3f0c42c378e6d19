/** What is wrong with pictures or labels that somebody gave, and what to do about it. Nothing was begun. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';

  /** @param field the option or file that is wrong
   *  @param remedy a sentence */
  constructor(
    readonly code: DatasetErrorCode,
    readonly field: string,
    problem: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(`${code} (${field}): ${problem}. ${remedy}`, options);
  }
}

export type DatasetErrorCode =
  | 'DATA_MISSING'
  | 'DATA_EMPTY'
  | 'ARCHIVE_CORRUPT'
  | 'LABELS_MISSING'
  | 'LABELS_INVALID'
  | 'PICTURES_MISSING'
  | 'PICTURES_UNREADABLE'
  | 'ONE_CLASS'
  | 'TOO_FEW'
  | 'OUT_INSIDE'
  | 'PYTHON_MISSING';
