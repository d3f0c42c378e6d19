export * from './document-store.js';
export { MongoStore } from './mongo/mongo-store.js';
export { openKeyring, openStore, type KeyOptions, type StoreOptions } from './open-store.js';
export { SQLITE_FILE, SqliteStore } from './sqlite/sqlite-store.js';
export * from './repositories/attendance-repository.js';
export * from './repositories/camera-changes-repository.js';
export { redactSource } from './repositories/camera-source.js';
export * from './repositories/cameras-repository.js';
export * from './repositories/customers-repository.js';
export * from './repositories/erasures-repository.js';
export { Keyring, type Opener } from './repositories/keyring.js';
export {
  loadOrCreateMasterKey,
  MASTER_KEY_FILE,
  MASTER_KEY_VARIABLE,
  parseMasterKey,
} from './repositories/master-key.js';
export * from './repositories/outbox-repository.js';
export { saveRevision, type Revisioned } from './repositories/revisions.js';
export * from './repositories/settings-repository.js';
export * from './repositories/sightings-repository.js';
export * from './repositories/templates-repository.js';
export * from './repositories/tokens-repository.js';
export * from './repositories/visitors-repository.js';
export * from './repositories/visits-repository.js';
