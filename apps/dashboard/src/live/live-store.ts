import { INITIAL_LIVE_STATE, type LiveAction, liveReducer, type LiveState } from './live-state.js';

/** Holds the live state and tells listeners when it changed. */
export class LiveStore {
  #state = INITIAL_LIVE_STATE;
  readonly #listeners = new Set<() => void>();

  readonly snapshot = (): LiveState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  readonly dispatch = (action: LiveAction): void => {
    const next = liveReducer(this.#state, action);
    if (next === this.#state) return;
    this.#state = next;
    for (const listener of this.#listeners) listener();
  };
}
