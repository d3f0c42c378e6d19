import { RegularsError } from '@regulars/contracts';
import { type Broker, OutboxPublisher } from '@regulars/messaging';
import {
  type DocumentStore,
  Keyring,
  loadOrCreateMasterKey,
  OutboxRepository,
  parseMasterKey,
  TemplatesRepository,
} from '@regulars/persistence';
import type { Environment, RunningService, ServiceParts } from '@regulars/runtime';
import { Recognisers } from './recognisers/recognisers.js';

/** Starts recognition: frames become sightings, photographs become templates.
 *  @throws RegularsError MODEL_MISSING, MODEL_CORRUPT, MODEL_MISMATCH, PROVIDER_UNAVAILABLE,
 *  CONFIGURATION_INVALID; TransientError STORE_UNAVAILABLE */
export async function startRecognition(parts: ServiceParts<Broker, DocumentStore>): Promise<RunningService> {
  const { environment, telemetry, broker, store } = parts;
  const keyring = new Keyring(store, masterKeyOf(environment));
  await keyring.verify();
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

/** @throws RegularsError CONFIGURATION_INVALID when a shared store has no key of its own */
function masterKeyOf({ masterKey, mongodbUri, dataDir }: Environment): Uint8Array {
  if (masterKey !== undefined) return parseMasterKey(masterKey);
  if (mongodbUri === undefined) return loadOrCreateMasterKey(dataDir);
  throw new RegularsError('CONFIGURATION_INVALID', {
    REGULARS_MASTER_KEY: 'is needed with MONGODB_URI, the same for all services',
  });
}
