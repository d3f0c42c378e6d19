import { outboxConformance } from '../testing/outbox-conformance.js';
import { MemoryOutbox } from './memory-outbox.js';

outboxConformance('MemoryOutbox', async () => ({ outbox: new MemoryOutbox(), close: async () => undefined }));
