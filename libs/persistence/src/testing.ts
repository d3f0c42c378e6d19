export * from './testing/mongo-server.js';
export * from './testing/stores.js';
