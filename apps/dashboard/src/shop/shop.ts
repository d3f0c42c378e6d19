import type { CameraView, CustomerView } from '@regulars/contracts';
import { type Api, createApi, type ListOf } from '../api/client.js';
import { LiveConnection } from '../live/live-connection.js';
import type { LiveState } from '../live/live-state.js';
import { LiveStore } from '../live/live-store.js';
import { PictureFeed } from '../live/picture-feed.js';
import { Resource } from './resource.js';

/** Everything the signed-in page works with. */
export interface Shop {
  readonly api: Api;
  readonly live: LiveStore;
  readonly feed: PictureFeed;
  readonly connection: LiveConnection;
  readonly cameras: Resource<readonly CameraView[]>;
  readonly customers: Resource<ListOf<CustomerView>>;
  /** Starts loading and listening. @returns ends both */
  readonly open: () => () => void;
}

/** Puts together what a signed-in page works with; nothing is asked of the gateway before `open`.
 *  @param onSignedOut told when the gateway refuses the token */
export function createShop(token: string, storeId: string, onSignedOut: () => void): Shop {
  const live = new LiveStore();
  const feed = new PictureFeed();
  const api = createApi({ token, storeId, fetch: (path, init) => fetch(path, init), onSignedOut });
  const connection = new LiveConnection({
    token,
    storeId,
    feed,
    dispatch: live.dispatch,
    position: () => live.snapshot().position,
    onSignedOut,
  });
  const cameras = new Resource(async () => {
    const views = await api.cameras();
    live.dispatch({ kind: 'cameras', views });
    return views;
  });
  const customers = new Resource(async () => {
    const list = await api.customers();
    live.dispatch({ kind: 'customers', views: list.items });
    return list;
  });
  const openVisits = new Resource(async () => {
    const asOf = live.snapshot().tick;
    const { items } = await api.openVisits();
    live.dispatch({ kind: 'visits', views: items, asOf });
    return items;
  });
  const history = new Resource(async () => {
    const views = await api.newestVisits();
    live.dispatch({ kind: 'history', views });
    return views;
  });
  const open = () => {
    const resources = [cameras, customers, openVisits, history];
    let { stale } = live.snapshot();
    const stop = live.subscribe(() => {
      const next = live.snapshot().stale;
      const before: LiveState['stale'] = stale;
      stale = next;
      if (next.cameras !== before.cameras) cameras.request();
      if (next.customers !== before.customers) customers.request();
      if (next.visits !== before.visits) openVisits.request();
    });
    for (const resource of resources) resource.open();
    connection.open();
    const tellShown = () => connection.watch.setPageShown(!document.hidden);
    document.addEventListener('visibilitychange', tellShown);
    return () => {
      stop();
      document.removeEventListener('visibilitychange', tellShown);
      connection.close();
      for (const resource of resources) resource.close();
    };
  };
  return { api, live, feed, connection, cameras, customers, open };
}
