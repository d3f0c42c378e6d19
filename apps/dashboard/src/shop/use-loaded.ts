import { useEffect, useState } from 'react';
import type { Api } from '../api/client.js';
import { type Loaded, Resource } from './resource.js';
import { useResource, useShop } from './use-shop.js';

export interface Reloaded<Value> extends Loaded<Value> {
  readonly retry: () => void;
  readonly request: () => void;
}

/** Something asked of the gateway when first shown, and again whenever `version` rises. What is asked stays the
 *  same as long as the component is mounted: give it a key when it does not. */
export function useLoaded<Value>(load: (api: Api) => Promise<Value>, version = 0): Reloaded<Value> {
  const { api } = useShop();
  const [resource] = useState(() => new Resource(() => load(api)));
  useEffect(() => {
    resource.open();
    return () => resource.close();
  }, [resource]);
  useEffect(() => {
    if (version > 0) resource.request();
  }, [resource, version]);
  return { ...useResource(resource), retry: resource.retry, request: resource.request };
}
