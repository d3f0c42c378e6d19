import { createHash, randomBytes } from 'node:crypto';

export type IdPrefix =
  | 'cus'
  | 'sgt'
  | 'vis'
  | 'tpl'
  | 'evt'
  | 'req'
  | 'sal'
  | 'ref'
  | 'imp'
  | 'alt'
  | 'crp'
  | 'hed'
  | 'pse'
  | 'pch'
  | 'rch';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

function toBase32(bytes: Uint8Array, length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) text += ALPHABET[(bytes[i] ?? 0) & 31];
  return text;
}

/** A fresh random id, e.g. `cus_4f2k9s7d1m3q8w6e0h5t`: 100 bits, so that ids tell nothing of when or in
 *  which order people were enrolled.
 *  @param random source of random bytes; tests pass their own */
export function newId(prefix: IdPrefix, random: (size: number) => Uint8Array = randomBytes): string {
  return `${prefix}_${toBase32(random(20), 20)}`;
}

/** The id that follows from its parts: the same parts always give the same id, in any process. Used where a
 *  repeated delivery must name the same visit or event again. */
export function idFrom(prefix: IdPrefix, ...parts: readonly (string | number)[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  return `${prefix}_${toBase32(digest, 20)}`;
}
