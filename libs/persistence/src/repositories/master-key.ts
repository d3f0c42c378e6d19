import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { messageOf, RegularsError } from '@regulars/contracts';
import { KEY_BYTES } from './sealing.js';

export const MASTER_KEY_VARIABLE = 'REGULARS_MASTER_KEY';
export const MASTER_KEY_FILE = 'master.key';

/** @param reason never holds any of the key */
export function masterKeyInvalid(reason: string): RegularsError {
  return new RegularsError('CONFIGURATION_INVALID', { variable: MASTER_KEY_VARIABLE, reason });
}

/** The key from its base64 text.
 *  @throws RegularsError CONFIGURATION_INVALID when it is not 32 bytes */
export function parseMasterKey(text: string): Uint8Array {
  const key = Buffer.from(text.trim(), 'base64');
  const isWhole =
    key.length === KEY_BYTES && key.toString('base64').replace(/=+$/, '') === text.trim().replace(/=+$/, '');
  if (!isWhole)
    throw masterKeyInvalid(`expected ${KEY_BYTES} bytes in base64 (openssl rand -base64 ${KEY_BYTES})`);
  return new Uint8Array(key);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function readKey(path: string): Uint8Array | null {
  try {
    return parseMasterKey(readFileSync(path, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw masterKeyInvalid(`${MASTER_KEY_FILE} in DATA_DIR cannot be used: ${messageOf(error)}`);
  }
}

/** Makes the key's file whole or not at all, and never over another: the name is linked to a finished file. */
function createKey(dataDir: string, path: string): void {
  const draft = join(dataDir, `.${MASTER_KEY_FILE}.${process.pid}.${randomBytes(4).toString('hex')}`);
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, `${randomBytes(KEY_BYTES).toString('base64')}\n`);
    fsyncSync(file);
    linkSync(draft, path);
  } catch (error) {
    // Another process made it in between: that one counts.
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    closeSync(file);
    rmSync(draft, { force: true });
  }
  const folder = openSync(dataDir, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** The key of the embedded mode, from `master.key` in the data folder, which is made (mode 0600) when absent.
 *  @throws RegularsError CONFIGURATION_INVALID when the file holds no key or cannot be read or made */
export function loadOrCreateMasterKey(dataDir: string): Uint8Array {
  const path = join(dataDir, MASTER_KEY_FILE);
  const known = readKey(path);
  if (known) return known;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    createKey(dataDir, path);
  } catch (error) {
    throw masterKeyInvalid(`${MASTER_KEY_FILE} cannot be made in DATA_DIR: ${messageOf(error)}`);
  }
  const made = readKey(path);
  if (made) return made;
  throw masterKeyInvalid(`${MASTER_KEY_FILE} disappeared from DATA_DIR`);
}
