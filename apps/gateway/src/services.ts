import { join } from 'node:path';
import type { Provider } from '@nestjs/common';
import type { Telemetry } from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import { type Broker, OutboxPublisher, type Publisher } from '@regulars/messaging';
import {
  AttendanceRepository,
  CameraChangesRepository,
  CamerasRepository,
  CropsRepository,
  CustomersRepository,
  type DocumentStore,
  ErasuresRepository,
  IdentityRepository,
  ImportsRepository,
  type Keyring,
  openKeyring,
  OutboxRepository,
  PseudonymChangesRepository,
  PseudonymsRepository,
  RequestsRepository,
  SalesRepository,
  SightingsRepository,
  TemplatesRepository,
  TokensRepository,
  VisitsRepository,
  WebhookEventsRepository,
} from '@regulars/persistence';
import type { ServiceParts } from '@regulars/runtime';
import { type CameraRules, CAMERA_RULES } from './cameras/camera-rules.js';
import { IMPORTS_FOLDER } from './imports/import-upload.interceptor.js';
import { Importer } from './imports/importer.js';
import { Acquaintances } from './live/acquaintances.js';
import { LiveStream } from './live/live-stream.js';
import { EventRing } from './live/ring.js';
import { LivePictures } from './pictures/live-pictures.js';
import { Once } from './sales/once.js';
import { SalesDesk } from './sales/sales-desk.js';
import { SignIn } from './sign-in/sign-in.js';
import { TELEMETRY } from './telemetry.js';
import { ValueShelf } from './value/value-shelf.js';
import { WEBHOOK_SETTINGS, type WebhookSettings, webhookSettingsOf } from './webhooks/webhook-settings.js';

export const PUBLISHER = Symbol('Publisher');
export const BROKER = Symbol('Broker');
/** The shop's time zone, e.g. Europe/Berlin. */
export const TIME_ZONE = Symbol('TimeZone');
/** Wrong recognitions in a week that are tolerable until an operator says otherwise. */
export const WRONG_PER_WEEK = Symbol('WrongPerWeek');

/** Who is seen again within this time continues the visit. */
export const REENTRY_MS = Symbol('ReentryMs');

/** Live events that are kept for pages that come back. */
const KEPT_EVENTS = 1_000;

/** All that the gateway reads and writes. */
export class Repositories {
  readonly attendance: AttendanceRepository;
  readonly cameraChanges: CameraChangesRepository;
  readonly cameras: CamerasRepository;
  readonly crops: CropsRepository;
  readonly customers: CustomersRepository;
  readonly erasures: ErasuresRepository;
  readonly identity: IdentityRepository;
  readonly imports: ImportsRepository;
  readonly pseudonymChanges: PseudonymChangesRepository;
  readonly pseudonyms: PseudonymsRepository;
  readonly requests: RequestsRepository;
  readonly sales: SalesRepository;
  readonly sightings: SightingsRepository;
  readonly templates: TemplatesRepository;
  readonly tokens: TokensRepository;
  readonly visits: VisitsRepository;
  readonly webhookEvents: WebhookEventsRepository;

  constructor(
    store: DocumentStore,
    readonly keyring: Keyring,
  ) {
    this.attendance = new AttendanceRepository(store);
    this.cameraChanges = new CameraChangesRepository(store);
    this.cameras = new CamerasRepository(store, keyring);
    this.crops = new CropsRepository(store, keyring);
    this.customers = new CustomersRepository(store);
    this.erasures = new ErasuresRepository(store);
    this.identity = new IdentityRepository(store);
    this.imports = new ImportsRepository(store);
    this.pseudonymChanges = new PseudonymChangesRepository(store);
    this.pseudonyms = new PseudonymsRepository(store, keyring);
    this.requests = new RequestsRepository(store);
    this.sales = new SalesRepository(store);
    this.sightings = new SightingsRepository(store);
    this.templates = new TemplatesRepository(store, keyring);
    this.tokens = new TokensRepository(store);
    this.visits = new VisitsRepository(store);
    this.webhookEvents = new WebhookEventsRepository(store);
  }
}

export interface GatewayServices {
  readonly repositories: Repositories;
  readonly publisher: Publisher;
  readonly broker: Broker;
  readonly telemetry: Telemetry;
  readonly signIn: SignIn;
  readonly desk: SalesDesk;
  readonly once: Once;
  readonly importer: Importer;
  readonly importsFolder: string;
  readonly stream: LiveStream;
  readonly pictures: LivePictures;
  readonly value: ValueShelf;
  readonly timeZone: string;
  readonly wrongPerWeek: number;
  readonly reentryMs: number;
  readonly cameraRules: CameraRules;
  readonly webhooks: WebhookSettings;
  close(): Promise<void>;
}

/** Everything with a state, made once and shared by the HTTP application and the broker's handlers.
 *  @throws RegularsError CONFIGURATION_INVALID for a wrong master key; TransientError STORE_UNAVAILABLE */
export async function createServices(parts: ServiceParts<Broker, DocumentStore>): Promise<GatewayServices> {
  const { environment, telemetry, broker, store } = parts;
  const repositories = new Repositories(store, await openKeyring(store, environment));
  const publisher = new OutboxPublisher(broker, new OutboxRepository(store, 'gateway'), 'gateway', telemetry);
  const nameOf = async (customerId: string) => {
    const customer = await repositories.customers.get(customerId);
    return customer?.displayName ?? null;
  };
  const acquaintances = new Acquaintances(nameOf, telemetry.log);
  const { sales, customers, requests } = repositories;
  const desk = new SalesDesk({ sales, customers, publisher }, broker, telemetry);
  const ring = new EventRing(newId('evt'), KEPT_EVENTS);
  const pictures = new LivePictures(acquaintances, telemetry, Date.now);
  const stream = new LiveStream(ring, acquaintances, telemetry, Date.now);
  const importsFolder = join(environment.dataDir, 'imports');
  const { storeTimeZone: timeZone, storeCurrency: shopCurrency } = environment;
  const importer = new Importer(
    { folder: importsFolder, timeZone, shopCurrency },
    { ...repositories, publisher },
    stream,
    telemetry,
  );
  return {
    repositories,
    publisher,
    broker,
    telemetry,
    desk,
    once: new Once(requests, sales, telemetry, Date.now),
    signIn: new SignIn((token) => repositories.tokens.find(token), Date.now),
    importer,
    importsFolder,
    stream,
    pictures,
    value: new ValueShelf(store),
    timeZone: environment.storeTimeZone,
    wrongPerWeek: environment.identityWrongPerWeek,
    reentryMs: environment.visitReentryMs,
    cameraRules: { allowLavfi: environment.captureAllowLavfi, filesDir: environment.captureFilesDir },
    webhooks: webhookSettingsOf(environment),
    close: async () => {
      pictures.stop();
      await importer.stop();
      await desk.close(environment.shutdownTimeoutMs);
      await publisher.close(environment.shutdownTimeoutMs);
    },
  };
}

/** The same instances for either Nest application. */
export function providersOf(services: GatewayServices): Provider[] {
  return [
    { provide: Repositories, useValue: services.repositories },
    { provide: PUBLISHER, useValue: services.publisher },
    { provide: BROKER, useValue: services.broker },
    { provide: TELEMETRY, useValue: services.telemetry },
    { provide: TIME_ZONE, useValue: services.timeZone },
    { provide: WRONG_PER_WEEK, useValue: services.wrongPerWeek },
    { provide: REENTRY_MS, useValue: services.reentryMs },
    { provide: CAMERA_RULES, useValue: services.cameraRules },
    { provide: WEBHOOK_SETTINGS, useValue: services.webhooks },
    { provide: SignIn, useValue: services.signIn },
    { provide: SalesDesk, useValue: services.desk },
    { provide: Once, useValue: services.once },
    { provide: Importer, useValue: services.importer },
    { provide: IMPORTS_FOLDER, useValue: services.importsFolder },
    { provide: LiveStream, useValue: services.stream },
    { provide: LivePictures, useValue: services.pictures },
    { provide: ValueShelf, useValue: services.value },
  ];
}
