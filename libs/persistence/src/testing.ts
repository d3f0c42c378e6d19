export * from './testing/mongo-server.js';
export * from './testing/stores.js';
export { all, codeOf } from './testing/outcomes.js';
