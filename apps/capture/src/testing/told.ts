import type { CameraStatus, EventDefinition, PayloadOf } from '@regulars/contracts';
import type { Publisher } from '@regulars/messaging';

/** A publisher that remembers what was published. */
export class Told implements Publisher {
  readonly statuses: CameraStatus[] = [];
  readonly eventIds: (string | undefined)[] = [];
  readonly frames: { readonly frameId: string; readonly body: number | undefined }[] = [];

  publish<E extends EventDefinition>(
    _event: E,
    payload: PayloadOf<E>,
    options?: { eventId?: string },
  ): Promise<void> {
    this.statuses.push(payload as unknown as CameraStatus);
    this.eventIds.push(options?.eventId);
    return Promise.resolve();
  }

  publishNewest<E extends EventDefinition>(_event: E, payload: PayloadOf<E>, body?: Uint8Array): boolean {
    this.frames.push({ frameId: String(payload['frameId']), body: body?.[0] });
    return true;
  }

  /** State and fault of each status told. */
  get states(): string[] {
    return this.statuses.map(({ state, fault }) => (fault === null ? state : `${state} ${fault}`));
  }
}
