import { useState } from 'react';
import { type ApiError, toApiError } from '../api/api-error.js';

/** Work that a click begins: whether it goes on, and the error that it ended with. */
export function useWork(): {
  readonly isBusy: boolean;
  readonly error: ApiError | null;
  /** Never rejects: what the work throws becomes the error. */
  readonly run: (work: () => Promise<unknown>) => Promise<void>;
} {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const run = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (thrown) {
      setError(toApiError(thrown));
    }
    setBusy(false);
  };
  return { isBusy, error, run };
}
