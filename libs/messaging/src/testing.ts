export * from './testing/broker-conformance.js';
export * from './testing/outbox-conformance.js';
export * from './testing/rig.js';
export { TcpProxy } from './testing/tcp-proxy.js';
