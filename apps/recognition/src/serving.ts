import { type Broker, type OutboxPublisher, startHandlers } from '@regulars/messaging';
import {
  CustomersRepository,
  type DocumentStore,
  IdentityRepository,
  type Keyring,
  type TemplatesRepository,
} from '@regulars/persistence';
import type { Environment, ServiceParts } from '@regulars/runtime';
import { crowdingOf, distanceAtRate } from '@regulars/vision';
import { Enrolment } from './enrolment/enrolment.js';
import { KnownFaces } from './enrolment/known-faces.js';
import { Trials } from './enrolment/trials.js';
import { EventSender } from './frames/event-sender.js';
import { IdentityJudge } from './frames/identity-judge.js';
import { Sessions } from './frames/sessions.js';
import { Gallery, STRANGERS_RATE } from './gallery/gallery.js';
import { GalleryKeeper } from './gallery/gallery-keeper.js';
import { StaffRoll } from './gallery/staff-roll.js';
import { IdentityBudget } from './identity/budget-keeper.js';
import { RecognitionModule } from './recognition.module.js';
import type { OpenedRecogniser } from './recognisers/opened-recogniser.js';
import type { Beside } from './recognisers/beside.js';
import type { RecogniserDesk } from './recognisers/recognisers.controller.js';
import { makeStrangers } from './strangers/start-strangers.js';

/** What outlives a change of the recogniser. */
export interface Lasting extends ServiceParts<Broker, DocumentStore> {
  readonly environment: Environment;
  readonly keyring: Keyring;
  readonly templates: TemplatesRepository;
  readonly publisher: OutboxPublisher;
}

/** Recognition by one recogniser: its gallery, its threshold, its strangers, and the handlers. */
export interface Serving {
  readonly recogniser: OpenedRecogniser;
  readonly gallery: Gallery;
  faults(): Readonly<Record<string, string>>;
  /** Ends what is open and publishes it, and closes the recogniser. */
  stop(): Promise<void>;
}

/** Begins to recognise with a recogniser.
 *  @throws TransientError STORE_UNAVAILABLE; the recogniser is closed then */
export async function startServing(
  { environment, telemetry, broker, store, keyring, templates, publisher }: Lasting,
  recogniser: OpenedRecogniser,
  recognisers: RecogniserDesk & { readonly beside: Beside | null },
): Promise<Serving> {
  const { vision, scoring } = recogniser;
  const { identityWrongPerWeek: wrongPerWeek, frameMaxAgeMs, shutdownTimeoutMs } = environment;
  const crowding = (embedding: Float32Array) => crowdingOf(scoring.crowding, embedding);
  const gallery = new Gallery(crowding, distanceAtRate(scoring.templates, STRANGERS_RATE));
  const budgetOptions = { wrongPerWeek, telemetry, clock: Date.now };
  const budget = new IdentityBudget(scoring, gallery, new IdentityRepository(store), budgetOptions);
  const keeper = new GalleryKeeper(gallery, templates, vision.recogniser, telemetry);
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
      crowdingOf: crowding,
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
  };
  try {
    await keeper.open();
    await budget.open();
    await staff.open();
    await strangers.readAll();
    retention.start();
    const known = new KnownFaces(gallery, budget);
    const trials = new Trials(crowding);
    const books = { templates, publisher, known, trials, beside: () => recognisers.beside };
    const enrolment = new Enrolment(vision, scoring, books);
    const { meter } = telemetry;
    const parts = { sessions, keeper, staff, strangers, desk, enrolment, recognisers, meter };
    const module = RecognitionModule.of(parts);
    const handlers = await startHandlers({ module, service: 'recognition', broker, telemetry });
    return {
      recogniser,
      gallery,
      faults: () => {
        const fault = vision.fault();
        return { ...handlers.faults(), ...(fault === null ? {} : { vision: fault }) };
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
