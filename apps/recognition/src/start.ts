import { RegularsError } from '@regulars/contracts';
import { type Broker, OutboxPublisher, startHandlers } from '@regulars/messaging';
import {
  CustomersRepository,
  type DocumentStore,
  IdentityRepository,
  Keyring,
  loadOrCreateMasterKey,
  OutboxRepository,
  parseMasterKey,
  TemplatesRepository,
} from '@regulars/persistence';
import type { Environment, RunningService, ServiceParts } from '@regulars/runtime';
import { crowdingOf, distanceAtRate, openVision, readScoring } from '@regulars/vision';
import { Enrolment } from './enrolment/enrolment.js';
import { EventSender } from './frames/event-sender.js';
import { IdentityJudge } from './frames/identity-judge.js';
import { Sessions } from './frames/sessions.js';
import { Gallery } from './gallery/gallery.js';
import { GalleryKeeper } from './gallery/gallery-keeper.js';
import { StaffRoll } from './gallery/staff-roll.js';
import { IdentityBudget } from './identity/budget-keeper.js';
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
  const scoring = await readScoring(modelsDir, vision.recogniser).catch(async (error: unknown) => {
    // A recogniser whose distances nobody measured is refused at start, not at the first face.
    await vision.close();
    throw error;
  });
  const gallery = new Gallery((embedding) => crowdingOf(scoring.crowding, embedding));
  const { identityWrongPerWeek: wrongPerWeek } = environment;
  const budgetOptions = { wrongPerWeek, telemetry, clock: Date.now };
  const budget = new IdentityBudget(scoring, gallery, new IdentityRepository(store), budgetOptions);
  const keeper = new GalleryKeeper(gallery, templates, vision.recogniser, telemetry);
  const publisher = new OutboxPublisher(
    broker,
    new OutboxRepository(store, 'recognition'),
    'recognition',
    telemetry,
  );
  const sender = new EventSender(publisher, telemetry);
  const staff = new StaffRoll(new CustomersRepository(store), telemetry.log);
  const judge = new IdentityJudge(vision, gallery, budget, staff);
  const { strangers, desk, retention } = makeStrangers({
    store,
    keyring,
    publisher,
    telemetry,
    environment,
    recogniser: vision.recogniser,
    scoring: {
      distanceAtRate: (rate) => distanceAtRate(scoring.templates, rate),
      crowdingOf: (embedding) => crowdingOf(scoring.crowding, embedding),
    },
    clock: Date.now,
  });
  const sessions = new Sessions(vision, judge, sender, { maxAgeMs: frameMaxAgeMs, telemetry, strangers });
  const close = async () => {
    await sessions.close();
    await retention.stop();
    await keeper.close();
    await budget.close();
    await staff.close();
    await vision.close();
    await publisher.close(shutdownTimeoutMs);
  };
  try {
    await keeper.open();
    await budget.open();
    await staff.open();
    await strangers.readAll();
    retention.start();
    const enrolment = new Enrolment(vision, scoring, templates, publisher);
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
