import type { ImportView } from '@regulars/contracts';
import { useEffect, useState } from 'react';
import { type ApiError, toApiError } from '../api/api-error.js';
import { useShop } from '../shop/use-shop.js';

/** How often an import is looked at, milliseconds. */
const POLL_MS = 700;

export interface ImportRun {
  /** Whether the file is on its way or being checked. */
  readonly isSending: boolean;
  readonly view: ImportView | null;
  readonly error: ApiError | null;
  readonly begin: (file: File, currency: string | null) => Promise<void>;
}

/** Sends a file of sales and follows its import to the end. */
export function useImport(): ImportRun {
  const { api } = useShop();
  const [isSending, setSending] = useState(false);
  const [view, setView] = useState<ImportView | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const importId = view?.state === 'importing' ? view.importId : null;
  useEffect(() => {
    if (importId === null) return;
    let isOver = false;
    const timer = window.setInterval(() => {
      api.importState(importId).then(
        (next) => {
          if (!isOver) setView(next);
        },
        (thrown: unknown) => {
          if (!isOver) setError(toApiError(thrown));
        },
      );
    }, POLL_MS);
    return () => {
      isOver = true;
      window.clearInterval(timer);
    };
  }, [api, importId]);
  const begin = async (file: File, currency: string | null) => {
    setSending(true);
    setError(null);
    setView(null);
    try {
      setView(await api.importSales(file, currency));
    } catch (thrown) {
      setError(toApiError(thrown));
    } finally {
      setSending(false);
    }
  };
  return { isSending, view, error, begin };
}
