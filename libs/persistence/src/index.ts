export * from './document-store.js';
export { MongoStore } from './mongo/mongo-store.js';
export { openKeyring, openStore, type KeyOptions, type StoreOptions } from './open-store.js';
export { SQLITE_FILE, SqliteStore } from './sqlite/sqlite-store.js';
export * from './repositories/alerts-repository.js';
export * from './repositories/attendance-repository.js';
export * from './repositories/camera-changes-repository.js';
export * from './repositories/buckets-repository.js';
export {
  CamerasRepository,
  TillCamerasRepository,
  type CameraConfiguration,
} from './repositories/cameras-repository.js';
export * from './repositories/crops-repository.js';
export * from './repositories/customers-repository.js';
export * from './repositories/erasures-repository.js';
export * from './repositories/heads-repository.js';
export * from './repositories/identity-repository.js';
export * from './repositories/imports-repository.js';
export { Keyring, type Opener } from './repositories/keyring.js';
export {
  loadOrCreateMasterKey,
  MASTER_KEY_FILE,
  MASTER_KEY_VARIABLE,
  parseMasterKey,
} from './repositories/master-key.js';
export * from './repositories/forecasts-repository.js';
export * from './repositories/import-parts.js';
export * from './repositories/imported-folders.js';
export * from './repositories/imported-sales.js';
export * from './repositories/ledger-entry.js';
export * from './repositories/ledger-repository.js';
export * from './repositories/loyalty-repository.js';
export * from './repositories/outbox-repository.js';
export * from './repositories/pseudonym-changes-repository.js';
export * from './repositories/pseudonyms-repository.js';
export * from './repositories/recognisers-repository.js';
export * from './repositories/requests-repository.js';
export { saveRevision, type Revisioned } from './repositories/revisions.js';
export * from './repositories/sale-corrections.js';
export * from './repositories/sale-links-repository.js';
export * from './repositories/sale-record.js';
export * from './repositories/sales-repository.js';
export * from './repositories/settings-repository.js';
export * from './repositories/sightings-repository.js';
export * from './repositories/templates-repository.js';
export * from './repositories/tokens-repository.js';
export * from './repositories/value-models.js';
export * from './repositories/values-repository.js';
export * from './repositories/visitors-repository.js';
export * from './repositories/visits-repository.js';
export * from './repositories/webhook-events-repository.js';
