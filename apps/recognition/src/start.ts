import { type Broker, OutboxPublisher } from '@regulars/messaging';
import {
  type DocumentStore,
  openKeyring,
  OutboxRepository,
  TemplatesRepository,
} from '@regulars/persistence';
import type { RunningService, ServiceParts } from '@regulars/runtime';
import { Recognisers } from './recognisers/recognisers.js';

/** Starts recognition: frames become sightings, photographs become templates.
 *  @throws RegularsError MODEL_MISSING, MODEL_CORRUPT, MODEL_MISMATCH, PROVIDER_UNAVAILABLE,
 *  CONFIGURATION_INVALID; TransientError STORE_UNAVAILABLE */
export async function startRecognition(parts: ServiceParts<Broker, DocumentStore>): Promise<RunningService> {
  const { environment, telemetry, broker, store } = parts;
  const keyring = await openKeyring(store, environment);
  const outbox = new OutboxRepository(store, 'recognition');
  const publisher = new OutboxPublisher(broker, outbox, 'recognition', telemetry);
  const templates = new TemplatesRepository(store, keyring);
  const recognisers = new Recognisers({ ...parts, keyring, templates, publisher });
  const close = async () => {
    await recognisers.close();
    await publisher.close(environment.shutdownTimeoutMs);
  };
  try {
    await recognisers.open();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    faults: async () => {
      const storeFault = await store.fault();
      return { ...recognisers.faults(), ...(storeFault === null ? {} : { store: storeFault }) };
    },
    stop: close,
  };
}
