import { AlertRaised, type ExpressionScored, type Instant, type Telemetry } from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import type { Publisher } from '@regulars/messaging';
import type { AlertsRepository, TillCamerasRepository, TillWatch as Watch } from '@regulars/persistence';
import { plusMs } from '../instants.js';
import { persist } from '../persist.js';
import { dissatisfiedSince, viewOf, withView, type DissatisfactionRule } from './dissatisfaction.js';

export interface AlertRule extends DissatisfactionRule {
  /** After an alert of a till none is raised of it for so long, milliseconds. */
  readonly pauseMs: number;
}

/** Nobody is before one camera for so long. */
const WATCHES_KEPT_MS = 3_600_000;

/** Tells staff of somebody who has looked dissatisfied at a till for some time. Decided by the times at which the
 *  faces were seen, from what is stored, so that any replica comes to the same; an event that comes again changes
 *  nothing. */
export class TillWatch {
  constructor(
    private readonly books: { readonly alerts: AlertsRepository; readonly cameras: TillCamerasRepository },
    private readonly publisher: Publisher,
    private readonly rule: AlertRule,
    private readonly telemetry: Telemetry,
  ) {}

  /** @throws TransientError STORE_UNAVAILABLE, REVISION_CONFLICT */
  async take(scored: ExpressionScored): Promise<void> {
    const view = viewOf(scored.capturedAt, scored.outcome);
    if (view === null) return;
    const tillId = await this.books.cameras.tillOf(scored.cameraId);
    if (tillId === null) return;
    const { alerts } = this.books;
    const { sightingId } = scored;
    await persist(sightingId, async () => {
      const known = await alerts.watchOf(sightingId);
      const views = withView(known?.views ?? [], view);
      const watch = { _id: sightingId, views: [...views], raisedAt: known?.raisedAt ?? null };
      const since = watch.raisedAt === null ? dissatisfiedSince(views, this.rule) : null;
      const raisedAt = since === null ? null : await this.raise({ ...scored, tillId }, watch, since);
      const touchedAt = views.at(-1)?.at ?? scored.capturedAt;
      const next = { ...watch, raisedAt: raisedAt ?? watch.raisedAt, touchedAt };
      await alerts.save(next, known?.revision ?? null);
    });
  }

  /** Forgets who was seen long ago. */
  async sweep(now: Instant): Promise<void> {
    await this.books.alerts.forgetBefore(plusMs(now, -WATCHES_KEPT_MS));
  }

  /** Publishes before it is noted that it was: after a crash in between the same alert is told again, under the same
   *  id.
   *  @returns when it was raised; null when the till has had its alert */
  private async raise(
    scored: ExpressionScored & { readonly tillId: string },
    { views }: Pick<Watch, 'views'>,
    since: Instant,
  ): Promise<Instant | null> {
    const { storeId, tillId, cameraId, sightingId } = scored;
    const kind = 'dissatisfied-at-till';
    const alertId = idFrom('alt', kind, storeId, tillId, sightingId);
    const raisedAt = views.at(-1)?.at ?? scored.capturedAt;
    const notAfter = plusMs(raisedAt, -this.rule.pauseMs);
    if (!(await this.books.alerts.claim({ storeId, tillId }, { alertId, raisedAt, notAfter }))) {
      this.telemetry.meter.count('regulars_alerts_total', { kind, result: 'held-back' });
      return null;
    }
    const alert = { alertId, kind, storeId, tillId, cameraId, sightingId, since, raisedAt } as const;
    await this.publisher.publish(AlertRaised, alert, { eventId: idFrom('evt', alertId) });
    this.telemetry.meter.count('regulars_alerts_total', { kind, result: 'raised' });
    return raisedAt;
  }
}
