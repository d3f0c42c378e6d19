import { type ApiError, toApiError } from '../api/api-error.js';

/** At least this long between two loads of one list, milliseconds: a burst of events loads it once. */
const PAUSE_MS = 800;
/** A failed load is tried again after this long, milliseconds. */
const RETRY_MS = 5_000;

export interface Loaded<Value> {
  /** Null until it was loaded for the first time. */
  readonly value: Value | null;
  /** Why the newest load failed; an older value stays. */
  readonly error: ApiError | null;
}

/** Something loaded from the gateway, kept, and loaded anew on request: one load at a time, and one more after
 *  it when asked meanwhile. */
export class Resource<Value> {
  #loaded: Loaded<Value> = { value: null, error: null };
  #isLoading = false;
  #isAskedAgain = false;
  #isClosed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(private readonly load: () => Promise<Value>) {}

  readonly snapshot = (): Loaded<Value> => this.#loaded;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** Loads now, or as soon as the load under way and the pause after it are over. */
  readonly request = (): void => {
    if (this.#isClosed) return;
    if (this.#isLoading) {
      this.#isAskedAgain = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#isLoading = true;
    this.load().then(
      (value) => {
        this.#settle({ value, error: null }, PAUSE_MS);
      },
      (error: unknown) => {
        this.#isAskedAgain = true;
        this.#settle({ value: this.#loaded.value, error: toApiError(error) }, RETRY_MS);
      },
    );
  };

  /** Loads at once, without the pause after a failure. */
  readonly retry = (): void => {
    if (this.#timer !== undefined) this.#resume();
    this.request();
  };

  open(): void {
    this.#isClosed = false;
    this.request();
  }

  /** Nothing is loaded any more; a load under way ends unheard. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isLoading = false;
    this.#isAskedAgain = false;
  }

  #settle(loaded: Loaded<Value>, pauseMs: number): void {
    if (this.#isClosed) return;
    this.#loaded = loaded;
    for (const listener of this.#listeners) listener();
    this.#timer = setTimeout(() => {
      const again = this.#isAskedAgain;
      this.#resume();
      if (again) this.request();
    }, pauseMs);
  }

  #resume(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isLoading = false;
    this.#isAskedAgain = false;
  }
}
