import { describe, expect, it } from 'vitest';
import { addressOf } from './http-app.js';

describe('the address for a browser', () => {
  it.each([
    ['127.0.0.1', 'IPv4', 'http://127.0.0.1:8080'],
    ['0.0.0.0', 'IPv4', 'http://localhost:8080'],
    ['::', 'IPv6', 'http://localhost:8080'],
    ['::1', 'IPv6', 'http://[::1]:8080'],
    ['192.168.1.5', 'IPv4', 'http://192.168.1.5:8080'],
  ])('of %s is one that a browser can open', (address, family, url) => {
    expect(addressOf({ address, family, port: 8080 })).toBe(url);
  });
});
