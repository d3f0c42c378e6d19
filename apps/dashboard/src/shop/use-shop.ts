import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
import type { LiveState } from '../live/live-state.js';
import type { Labels } from '../live/sentences.js';
import type { Loaded, Resource } from './resource.js';
import type { Shop } from './shop.js';

export const ShopContext = createContext<Shop | null>(null);

/** @throws Error outside a signed-in page */
export function useShop(): Shop {
  const shop = useContext(ShopContext);
  if (shop === null) throw new Error('useShop needs a ShopContext');
  return shop;
}

export function useLive(): LiveState {
  const { live } = useShop();
  return useSyncExternalStore(live.subscribe, live.snapshot);
}

export function useResource<Value>(resource: Resource<Value>): Loaded<Value> {
  return useSyncExternalStore(resource.subscribe, resource.snapshot);
}

/** Names of cameras and customers as the lists have them now. */
export function useLabels(): Labels {
  const { cameras } = useShop();
  const { value } = useResource(cameras);
  const { names } = useLive();
  return useMemo(() => {
    const cameraNames = new Map(value?.map((camera) => [camera.cameraId, camera.name]));
    return {
      camera: (cameraId) => cameraNames.get(cameraId) ?? cameraId,
      customer: (customerId, told) => names[customerId] ?? told,
    };
  }, [value, names]);
}
