import { RegularsError } from '@regulars/contracts';
import { type Broker, OutboxPublisher, startHandlers } from '@regulars/messaging';
import {
  type DocumentStore,
  Keyring,
  loadOrCreateMasterKey,
  OutboxRepository,
  parseMasterKey,
  TemplatesRepository,
} from '@regulars/persistence';
import type { Environment, RunningService, ServiceParts } from '@regulars/runtime';
import { openVision } from '@regulars/vision';
import { Enrolment } from './enrolment/enrolment.js';
import { EventSender } from './frames/event-sender.js';
import { IdentityJudge } from './frames/identity-judge.js';
import { Sessions } from './frames/sessions.js';
import { Gallery } from './gallery/gallery.js';
import { GalleryKeeper } from './gallery/gallery-keeper.js';
import { identityRule } from './identity/threshold.js';
import { StaffRoll } from './gallery/staff-roll.js';
import { RecognitionModule } from './recognition.module.js';
import { makeStrangers } from './strangers/start-strangers.js';

/** Starts recognition: frames become sightings, photographs become templates.
 *  @throws RegularsError MODEL_MISSING, MODEL_CORRUPT, MODEL_MISMATCH, PROVIDER_UNAVAILABLE,
 *  CONFIGURATION_INVALID; TransientError STORE_UNAVAILABLE */
export async function startRecognition({
  environment,
  telemetry,
  broker,
  store,
}: ServiceParts<Broker, DocumentStore>): Promise<RunningService> {
  const { modelsDir, visionProvider, visionThreads, frameMaxAgeMs, shutdownTimeoutMs } = environment;
  const keyring = new Keyring(store, masterKeyOf(environment));
  await keyring.verify();
  const templates = new TemplatesRepository(store, keyring);
  const vision = await openVision({ modelsDir, provider: visionProvider, threads: visionThreads, telemetry });
  const gallery = new Gallery();
  const keeper = new GalleryKeeper(gallery, templates, vision.recogniser, telemetry);
  const publisher = new OutboxPublisher(
    broker,
    new OutboxRepository(store, 'recognition'),
    'recognition',
    telemetry,
  );
  const sender = new EventSender(publisher, telemetry);
  const staff = new StaffRoll(new CustomersRepository(store), telemetry.log);
  const judge = new IdentityJudge(vision, gallery, staff);
  const { strangers, desk, retention } = makeStrangers({
    store,
    keyring,
    publisher,
    telemetry,
    environment,
    recogniser: vision.recogniser,
    clock: Date.now,
  });
  const sessions = new Sessions(vision, judge, sender, { maxAgeMs: frameMaxAgeMs, telemetry, strangers });
  const close = async () => {
    await sessions.close();
    await retention.stop();
    await keeper.close();
    await vision.close();
    await staff.close();
    await publisher.close(shutdownTimeoutMs);
  };
  try {
    // A recogniser whose distances nobody measured is refused at start, not at the first face.
    identityRule(vision.recogniser, 0);
    await keeper.open();
    const enrolment = new Enrolment(vision, templates, publisher);
    await staff.open();
    await strangers.readAll();
    retention.start();
    const { meter } = telemetry;
    const parts = { sessions, keeper, staff, strangers, desk, enrolment, meter };
    const module = RecognitionModule.of(parts);
    const handlers = await startHandlers({ module, service: 'recognition', broker, telemetry });
    return {
      faults: async () => {
        const storeFault = await store.fault();
        const visionFault = vision.fault();
        return {
          ...handlers.faults(),
          ...(storeFault === null ? {} : { store: storeFault }),
          ...(visionFault === null ? {} : { vision: visionFault }),
        };
      },
      stop: async () => {
        await handlers.stop(shutdownTimeoutMs);
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @throws RegularsError CONFIGURATION_INVALID when a shared store has no key of its own */
function masterKeyOf({ masterKey, mongodbUri, dataDir }: Environment): Uint8Array {
  if (masterKey !== undefined) return parseMasterKey(masterKey);
  if (mongodbUri === undefined) return loadOrCreateMasterKey(dataDir);
  throw new RegularsError('CONFIGURATION_INVALID', {
    REGULARS_MASTER_KEY: 'is needed with MONGODB_URI, the same for all services',
  });
}
