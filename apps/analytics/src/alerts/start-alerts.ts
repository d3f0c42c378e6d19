import type { Provider, Type } from '@nestjs/common';
import type { Telemetry } from '@regulars/contracts';
import type { Publisher } from '@regulars/messaging';
import { AlertsRepository, TillCamerasRepository, type DocumentStore } from '@regulars/persistence';
import type { Environment } from '@regulars/runtime';
import { toInstant } from '../instants.js';
import { NOTICE_TARGET, NOTICE_TELEMETRY, NoticesController } from './notices.controller.js';
import type { NoticeTarget } from './notice.js';
import { TillWatch } from './till-watch.js';

export interface AlertParts {
  readonly store: DocumentStore;
  readonly publisher: Publisher;
  readonly telemetry: Telemetry;
  readonly environment: Pick<
    Environment,
    'alertDissatisfiedS' | 'alertPauseS' | 'alertWebhookUrl' | 'alertWebhookSecret'
  >;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** Puts together what tells staff. */
export function makeAlerts({ store, publisher, telemetry, environment, clock }: AlertParts): {
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
  readonly sweep: () => Promise<void>;
} {
  const books = { alerts: new AlertsRepository(store), cameras: new TillCamerasRepository(store) };
  const { alertDissatisfiedS, alertPauseS, alertWebhookUrl: url, alertWebhookSecret: secret } = environment;
  const rule = { forMs: alertDissatisfiedS * 1_000, pauseMs: alertPauseS * 1_000 };
  const watch = new TillWatch(books, publisher, rule, telemetry);
  const target: NoticeTarget | null = url === undefined || secret === undefined ? null : { url, secret };
  return {
    controllers: [NoticesController],
    providers: [
      { provide: TillWatch, useValue: watch },
      { provide: NOTICE_TARGET, useValue: target },
      { provide: NOTICE_TELEMETRY, useValue: telemetry },
    ],
    sweep: () => watch.sweep(toInstant(clock())),
  };
}
