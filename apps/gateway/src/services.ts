import type { Provider } from '@nestjs/common';
import { RegularsError, type Telemetry } from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import { type Broker, OutboxPublisher, type Publisher } from '@regulars/messaging';
import {
  AttendanceRepository,
  CamerasRepository,
  CustomersRepository,
  type DocumentStore,
  ErasuresRepository,
  Keyring,
  loadOrCreateMasterKey,
  OutboxRepository,
  parseMasterKey,
  TemplatesRepository,
  TokensRepository,
  VisitsRepository,
} from '@regulars/persistence';
import type { Environment, ServiceParts } from '@regulars/runtime';
import { type CameraRules, CAMERA_RULES } from './cameras/camera-rules.js';
import { Acquaintances } from './live/acquaintances.js';
import { LiveStream } from './live/live-stream.js';
import { EventRing } from './live/ring.js';
import { LivePictures } from './pictures/live-pictures.js';
import { SignIn } from './sign-in/sign-in.js';
import { TELEMETRY } from './telemetry.js';

export const PUBLISHER = Symbol('Publisher');
export const BROKER = Symbol('Broker');
/** The shop's time zone, e.g. Europe/Berlin. */
export const TIME_ZONE = Symbol('TimeZone');

/** Live events that are kept for pages that come back. */
const KEPT_EVENTS = 1_000;

/** All that the gateway reads and writes. */
export class Repositories {
  readonly attendance: AttendanceRepository;
  readonly cameras: CamerasRepository;
  readonly customers: CustomersRepository;
  readonly erasures: ErasuresRepository;
  readonly templates: TemplatesRepository;
  readonly tokens: TokensRepository;
  readonly visits: VisitsRepository;

  constructor(
    store: DocumentStore,
    readonly keyring: Keyring,
  ) {
    this.attendance = new AttendanceRepository(store);
    this.cameras = new CamerasRepository(store, keyring);
    this.customers = new CustomersRepository(store);
    this.erasures = new ErasuresRepository(store);
    this.templates = new TemplatesRepository(store, keyring);
    this.tokens = new TokensRepository(store);
    this.visits = new VisitsRepository(store);
  }
}

export interface GatewayServices {
  readonly repositories: Repositories;
  readonly publisher: Publisher;
  readonly broker: Broker;
  readonly telemetry: Telemetry;
  readonly signIn: SignIn;
  readonly stream: LiveStream;
  readonly pictures: LivePictures;
  readonly timeZone: string;
  readonly cameraRules: CameraRules;
  close(): Promise<void>;
}

/** Everything with a state, made once and shared by the HTTP application and the broker's handlers. */
export function createServices(parts: ServiceParts<Broker, DocumentStore>): GatewayServices {
  const { environment, telemetry, broker, store } = parts;
  const repositories = new Repositories(store, new Keyring(store, masterKeyOf(environment)));
  const publisher = new OutboxPublisher(broker, new OutboxRepository(store, 'gateway'), 'gateway', telemetry);
  const nameOf = async (customerId: string) => {
    const customer = await repositories.customers.get(customerId);
    return customer?.displayName ?? null;
  };
  const acquaintances = new Acquaintances(nameOf, telemetry.log);
  const ring = new EventRing(newId('evt'), KEPT_EVENTS);
  const pictures = new LivePictures(acquaintances, telemetry, Date.now);
  return {
    repositories,
    publisher,
    broker,
    telemetry,
    signIn: new SignIn(async (token) => (await repositories.tokens.find(token)) !== null, Date.now),
    stream: new LiveStream(ring, acquaintances, telemetry, Date.now),
    pictures,
    timeZone: environment.storeTimeZone,
    cameraRules: { allowLavfi: environment.captureAllowLavfi, filesDir: environment.captureFilesDir },
    close: async () => {
      pictures.stop();
      await publisher.close(environment.shutdownTimeoutMs);
    },
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

/** The same instances for either Nest application. */
export function providersOf(services: GatewayServices): Provider[] {
  return [
    { provide: Repositories, useValue: services.repositories },
    { provide: PUBLISHER, useValue: services.publisher },
    { provide: BROKER, useValue: services.broker },
    { provide: TELEMETRY, useValue: services.telemetry },
    { provide: TIME_ZONE, useValue: services.timeZone },
    { provide: CAMERA_RULES, useValue: services.cameraRules },
    { provide: SignIn, useValue: services.signIn },
    { provide: LiveStream, useValue: services.stream },
    { provide: LivePictures, useValue: services.pictures },
  ];
}
