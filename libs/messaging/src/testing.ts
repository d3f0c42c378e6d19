export * from './testing/outbox-conformance.js';
