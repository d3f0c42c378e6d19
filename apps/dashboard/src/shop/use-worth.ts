import { useEffect, useState } from 'react';
import type { CustomerValueView } from '@regulars/contracts';
import type { Worth } from '../live/live-state.js';
import { type Loaded, Resource } from './resource.js';
import { useLive, useResource, useShop } from './use-shop.js';

/** What one customer is worth in full, asked for now and whenever an event or a gap tells that it changed. */
export function useCustomerValue(
  customerId: string,
): Loaded<CustomerValueView> & { readonly worth: Worth | null; readonly retry: () => void } {
  const { api, live } = useShop();
  const { worths, stale } = useLive();
  const [resource] = useState(
    () =>
      new Resource(async () => {
        const asOf = live.snapshot().tick;
        const view = await api.customerValue(customerId);
        const { value, forecast } = view;
        live.dispatch({ kind: 'worth', customerId, worth: { value, forecast }, asOf });
        return view;
      }),
  );
  useEffect(() => {
    resource.open();
    return () => resource.close();
  }, [resource]);
  const told = worths[customerId] ?? null;
  const heard = useResource(resource);
  // What the answer itself told is no reason to ask again.
  const isNews = told !== null && heard.value !== null && told.value !== heard.value.value;
  useEffect(() => {
    if (isNews) resource.request();
  }, [resource, isNews, told]);
  useEffect(() => {
    if (stale.worths > 0) resource.request();
  }, [resource, stale.worths]);
  return { ...heard, worth: told, retry: resource.retry };
}
