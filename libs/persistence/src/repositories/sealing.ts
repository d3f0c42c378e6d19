import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D, 8.2.2). Layout: form (1), nonce (12), tag (16),
 *  ciphertext. */
const FORM = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

export const KEY_BYTES = 32;

/** @param context what the bytes are and whose; opening needs the same
 *  @returns the sealed bytes, 29 longer */
export function sealBytes(key: Uint8Array, context: readonly string[], bytes: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(JSON.stringify(context)));
  const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return new Uint8Array(Buffer.concat([Uint8Array.of(FORM), nonce, cipher.getAuthTag(), sealed]));
}

/** @returns the bytes, or null when key or context are others or the sealed bytes were changed */
export function openBytes(
  key: Uint8Array,
  context: readonly string[],
  sealed: Uint8Array,
): Uint8Array | null {
  if (sealed.length < HEAD_BYTES || sealed[0] !== FORM) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + NONCE_BYTES))
    .setAAD(Buffer.from(JSON.stringify(context)))
    .setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEAD_BYTES));
  try {
    return new Uint8Array(Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()]));
  } catch {
    return null; // GCM says only that something differs; the caller knows what that means
  }
}
