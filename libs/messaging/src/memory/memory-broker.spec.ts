import { brokerConformance } from '../testing/broker-conformance.js';
import { TEST_QUEUES } from '../testing/rig.js';
import { MemoryBroker } from './memory-broker.js';

brokerConformance('MemoryBroker', async (telemetry) => {
  const broker = new MemoryBroker(telemetry, { queues: TEST_QUEUES });
  return {
    broker,
    join: async () => broker,
    deadLetters: async (queue) =>
      broker
        .deadLetters()
        .filter((dead) => dead.queue === queue)
        .map(({ eventId, key, reason, attempts }) => ({ eventId, key, reason, attempts })),
    close: () => broker.close(1_000),
  };
});
