import type { LivePicture } from '@regulars/contracts';

/** A live picture as it came: where the faces are and the JPEG itself. */
export interface ReceivedPicture {
  readonly picture: LivePicture;
  readonly jpeg: Blob;
}

type Listener = (received: ReceivedPicture) => void;

/** Hands live pictures to whoever shows their camera. Pictures pass outside React's state: several come every
 *  second and only the newest matters. */
export class PictureFeed {
  readonly #listeners = new Map<string, Set<Listener>>();

  publish(received: ReceivedPicture): void {
    for (const listener of this.#listeners.get(received.picture.cameraId) ?? []) listener(received);
  }

  /** @returns stops listening */
  subscribe(cameraId: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(cameraId) ?? new Set<Listener>();
    listeners.add(listener);
    this.#listeners.set(cameraId, listeners);
    return () => {
      listeners.delete(listener);
    };
  }
}
