export * from './testing/broker-conformance.js';
export * from './testing/outbox-conformance.js';
export * from './testing/rig.js';
