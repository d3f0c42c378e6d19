import { useSyncExternalStore } from 'react';

/** Which page is shown, as the fragment of the address says. */
export type Route =
  | { readonly page: 'live' }
  | { readonly page: 'customers'; readonly customerId: string | null }
  | { readonly page: 'today' };

/** `#/customers/cus_...` and the like; anything else is the live page. */
export function routeOf(fragment: string): Route {
  const [page, id] = fragment.replace(/^#\/?/, '').split('/');
  if (page === 'customers') return { page, customerId: id === undefined || id === '' ? null : id };
  if (page === 'today') return { page };
  return { page: 'live' };
}

export function hrefOf(route: Route): string {
  if (route.page !== 'customers' || route.customerId === null) return `#/${route.page}`;
  return `#/customers/${route.customerId}`;
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
