export { AmqpBroker, type AmqpBrokerOptions } from './amqp/amqp-broker.js';
export { deleteTopology } from './amqp/topology.js';
export * from './broker.js';
export * from './lanes.js';
export * from './memory/memory-broker.js';
export * from './nest/start-handlers.js';
export * from './outbox/memory-outbox.js';
export * from './outbox/outbox-publisher.js';
