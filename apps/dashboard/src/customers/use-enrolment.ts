import type { EnrolmentResult } from '@regulars/contracts';
import { useState } from 'react';
import { type ApiError, toApiError } from '../api/api-error.js';
import { toUpload } from '../faces/picture-blob.js';
import { useShop } from '../shop/use-shop.js';

/** The gateway takes this many photographs in one request. */
const PHOTOGRAPHS_AT_MOST = 10;

interface Enrolment {
  readonly photographs: readonly Blob[];
  readonly isBusy: boolean;
  readonly wereTooMany: boolean;
  readonly result: EnrolmentResult | null;
  readonly error: ApiError | null;
}

const IDLE: Enrolment = { photographs: [], isBusy: false, wereTooMany: false, result: null, error: null };

/** Sends photographs of a customer and keeps what became of each. */
export function useEnrolment(customerId: string) {
  const { api, customers } = useShop();
  const [state, setState] = useState(IDLE);
  const enrol = async (files: readonly Blob[]): Promise<void> => {
    const chosen = files.slice(0, PHOTOGRAPHS_AT_MOST);
    if (chosen.length === 0) return;
    const begun = { ...IDLE, photographs: chosen, wereTooMany: files.length > chosen.length };
    setState({ ...begun, isBusy: true });
    try {
      const result = await api.enrol(customerId, await Promise.all(chosen.map(toUpload)));
      setState({ ...begun, result });
      customers.request();
    } catch (thrown) {
      setState({ ...begun, error: toApiError(thrown) });
    }
  };
  return { ...state, enrol };
}
