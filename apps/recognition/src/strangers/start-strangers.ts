import type { Telemetry } from '@regulars/contracts';
import type { Publisher } from '@regulars/messaging';
import {
  type DocumentStore,
  type Keyring,
  PseudonymChangesRepository,
  PseudonymsRepository,
  TemplatesRepository,
} from '@regulars/persistence';
import type { Environment } from '@regulars/runtime';
import { StrangerDesk } from './stranger-desk.js';
import { StrangerRetention } from './stranger-retention.js';
import { StrangerShelf } from './stranger-shelf.js';
import { Strangers, type StrangerScoring } from './strangers.js';

export interface StrangerParts {
  readonly store: DocumentStore;
  readonly keyring: Keyring;
  readonly publisher: Publisher;
  readonly telemetry: Telemetry;
  readonly environment: Pick<Environment, 'pseudonymDays' | 'storeTimeZone'>;
  /** Name of the recogniser whose embeddings are compared. */
  readonly recogniser: string;
  readonly scoring: StrangerScoring;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** Puts together what knows strangers again. Nothing is read before `strangers.readAll()`. */
export function makeStrangers(parts: StrangerParts): {
  strangers: Strangers;
  desk: StrangerDesk;
  retention: StrangerRetention;
} {
  const { store, keyring, publisher, telemetry, environment, recogniser, scoring, clock } = parts;
  const { pseudonymDays: keptDays, storeTimeZone: timeZone } = environment;
  const pseudonyms = new PseudonymsRepository(store, keyring);
  const changes = new PseudonymChangesRepository(store);
  const shelf = new StrangerShelf(pseudonyms, publisher, { recogniser, keptDays, timeZone, clock });
  const strangers = new Strangers(shelf, scoring, telemetry);
  const books = { pseudonyms, changes, templates: new TemplatesRepository(store, keyring) };
  const desk = new StrangerDesk(books, strangers, publisher, recogniser);
  const kept = { repository: pseudonyms, changes, keyring, publisher };
  return {
    strangers,
    desk,
    retention: new StrangerRetention(strangers, kept, { keptDays, clock }, telemetry),
  };
}
