import { SegmentName } from '@regulars/contracts';
import { useSyncExternalStore } from 'react';

/** Which page is shown, as the fragment of the address says. */
export type Route =
  | { readonly page: 'live' }
  | { readonly page: 'customers'; readonly customerId: string | null }
  | { readonly page: 'strangers'; readonly pseudonymId: string | null }
  | { readonly page: 'today' }
  | { readonly page: 'value'; readonly segment: SegmentName | null }
  | { readonly page: 'satisfaction' }
  | { readonly page: 'forecast' }
  | { readonly page: 'sales' };

/** `#/customers/cus_...` and the like; anything else is the live page. */
export function routeOf(fragment: string): Route {
  const [page, id] = fragment.replace(/^#\/?/, '').split('/');
  switch (page) {
    case 'customers':
      return { page, customerId: id === undefined || id === '' ? null : id };
    case 'strangers':
      return { page, pseudonymId: id === undefined || id === '' ? null : id };
    case 'value':
      return { page, segment: SegmentName.safeParse(id).data ?? null };
    case 'today':
    case 'satisfaction':
    case 'forecast':
    case 'sales':
      return { page };
    default:
      return { page: 'live' };
  }
}

export function hrefOf(route: Route): string {
  if (route.page === 'customers' && route.customerId !== null) return `#/customers/${route.customerId}`;
  if (route.page === 'strangers' && route.pseudonymId !== null) return `#/strangers/${route.pseudonymId}`;
  if (route.page === 'value' && route.segment !== null) return `#/value/${route.segment}`;
  return `#/${route.page}`;
}

export function goTo(route: Route): void {
  window.location.hash = hrefOf(route);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

export function useRoute(): Route {
  return routeOf(useSyncExternalStore(subscribe, () => window.location.hash));
}
