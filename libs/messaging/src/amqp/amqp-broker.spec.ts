import { describe } from 'vitest';
import { brokerConformance } from '../testing/broker-conformance.js';
import { findRabbitmq, openRabbitmq } from '../testing/rabbitmq.js';

const url = await findRabbitmq(process.env);

describe.runIf(url !== null)('with a real RabbitMQ', () => {
  brokerConformance('AmqpBroker', (telemetry) => openRabbitmq(url ?? '', telemetry));
});
