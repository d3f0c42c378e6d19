export * from './document-store.js';
export { SQLITE_FILE, SqliteStore } from './sqlite/sqlite-store.js';
