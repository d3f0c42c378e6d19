import { messageOf, type Telemetry } from '@regulars/contracts';
import type { Repositories } from './services.js';

const EVERY_MS = 3_600_000;
/** Webhooks of unknown types may hold names and addresses; after this time they are gone. */
export const WEBHOOKS_KEPT_MS = 30 * 24 * 3_600_000;
/** That a sighting was of somebody else is kept as long as sightings may be. */
export const DENIALS_KEPT_MS = 400 * 24 * 3_600_000;

/** Removes what was kept for a time only, now and every hour.
 *  @returns ends it */
export function startRetention(
  repositories: Pick<Repositories, 'crops' | 'identity' | 'requests' | 'webhookEvents'>,
  telemetry: Telemetry,
): () => Promise<void> {
  let running = Promise.resolve();
  const remove = async () => {
    try {
      const nowMs = Date.now();
      await repositories.requests.deleteExpired(new Date(nowMs).toISOString());
      await repositories.crops.deleteExpired(new Date(nowMs).toISOString());
      await repositories.identity.deleteBefore(new Date(nowMs - DENIALS_KEPT_MS).toISOString());
      await repositories.webhookEvents.deleteBefore(new Date(nowMs - WEBHOOKS_KEPT_MS).toISOString());
    } catch (error) {
      telemetry.log.warn({ reason: messageOf(error) }, 'old requests, crops and webhooks not removed');
    }
  };
  const start = () => void (running = running.then(remove));
  start();
  const timer = setInterval(start, EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
