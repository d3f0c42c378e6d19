const KEY = 'regulars.token';

/** The part of Storage that a session needs. */
export interface TokenStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Token in an address's fragment (`#token=...`), which browsers never send to a server.
 *  @returns null when there is none */
export function tokenInFragment(fragment: string): string | null {
  const token = new URLSearchParams(fragment.replace(/^#/, '')).get('token')?.trim();
  return token === undefined || token === '' ? null : token;
}

/** The token to begin with: from the address (which is then cleaned of it), else the one kept for this tab. */
export function takeToken(
  location: Pick<Location, 'hash' | 'pathname' | 'search'>,
  history: Pick<History, 'replaceState'>,
  storage: TokenStorage,
): string | null {
  const given = tokenInFragment(location.hash);
  if (given === null) return storage.getItem(KEY);
  storage.setItem(KEY, given);
  history.replaceState(null, '', location.pathname + location.search);
  return given;
}

export function keepToken(storage: TokenStorage, token: string): void {
  storage.setItem(KEY, token);
}

export function forgetToken(storage: TokenStorage): void {
  storage.removeItem(KEY);
}

/** The shop this page shows: `?store=` in the address, else `main`. */
export function storeInAddress(search: string): string {
  return new URLSearchParams(search).get('store') ?? 'main';
}
