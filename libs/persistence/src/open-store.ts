import { RegularsError, type Telemetry } from '@regulars/contracts';
import type { DocumentStore } from './document-store.js';
import { MongoStore } from './mongo/mongo-store.js';
import { ObservedStore } from './observed-store.js';
import { Keyring } from './repositories/keyring.js';
import { loadOrCreateMasterKey, MASTER_KEY_VARIABLE, parseMasterKey } from './repositories/master-key.js';
import { SqliteStore } from './sqlite/sqlite-store.js';

export interface StoreOptions {
  /** Given: MongoDB. Absent: SQLite in the data folder. */
  readonly mongoUri?: string;
  readonly dataDir: string;
  readonly telemetry: Telemetry;
}

/** The store that the configuration names, measured; `open()` connects it. */
export function openStore({ mongoUri, dataDir, telemetry }: StoreOptions): DocumentStore {
  const store = mongoUri === undefined ? new SqliteStore(dataDir) : new MongoStore(mongoUri);
  return new ObservedStore(store, telemetry);
}

export interface KeyOptions {
  /** REGULARS_MASTER_KEY: 32 bytes in base64. */
  readonly masterKey?: string;
  /** Given: the store is shared, and so must the key be. */
  readonly mongodbUri?: string;
  readonly dataDir: string;
}

/** The keyring of an opened store. Without a given key, the embedded mode uses DATA_DIR/master.key, which it
 *  makes at first start; processes that share a MongoDB must be given theirs.
 *  @throws RegularsError CONFIGURATION_INVALID naming REGULARS_MASTER_KEY when there is none, it has another
 *  form, or it is not the one that the store was begun with */
export async function openKeyring(
  store: DocumentStore,
  { masterKey, mongodbUri, dataDir }: KeyOptions,
): Promise<Keyring> {
  if (masterKey === undefined && mongodbUri !== undefined) {
    throw new RegularsError('CONFIGURATION_INVALID', {
      variable: MASTER_KEY_VARIABLE,
      reason: 'it must be set together with MONGODB_URI, and be the same in all services',
    });
  }
  const key = masterKey === undefined ? loadOrCreateMasterKey(dataDir) : parseMasterKey(masterKey);
  const keyring = new Keyring(store, key);
  await keyring.verify();
  return keyring;
}
