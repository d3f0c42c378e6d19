import { describe, expect, it } from 'vitest';
import { storeInAddress, takeToken, type TokenStorage } from './session.js';

function tab(kept?: string): TokenStorage & { readonly entries: Map<string, string> } {
  const entries = new Map<string, string>(kept === undefined ? [] : [['regulars.token', kept]]);
  return {
    entries,
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
  };
}

function begin(hash: string, storage: TokenStorage): { token: string | null; addresses: string[] } {
  const addresses: string[] = [];
  const history = {
    replaceState: (_: unknown, __: string, address?: string | URL | null) => addresses.push(String(address)),
  };
  const token = takeToken({ hash, pathname: '/', search: '?store=north' }, history as never, storage);
  return { token, addresses };
}

describe('a session', () => {
  it('takes the token out of the address and keeps it for the tab', () => {
    const storage = tab();
    expect(begin('#token=abc123', storage)).toEqual({ token: 'abc123', addresses: ['/?store=north'] });
    expect([...storage.entries.values()]).toEqual(['abc123']);
  });

  it('prefers the token in the address to the one that was kept', () => {
    expect(begin('#token=new', tab('old')).token).toBe('new');
  });

  it('uses the kept token and leaves an address without one alone', () => {
    expect(begin('#/customers', tab('old'))).toEqual({ token: 'old', addresses: [] });
  });

  it('begins signed out without any token, also with an empty one', () => {
    expect(begin('', tab()).token).toBeNull();
    expect(begin('#token=', tab()).token).toBeNull();
  });

  it('shows the main shop unless the address names another', () => {
    expect(storeInAddress('')).toBe('main');
    expect(storeInAddress('?store=north')).toBe('north');
  });
});
