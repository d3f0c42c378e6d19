/** The gateway sends a page at most this many cameras' pictures (contracts: LiveWatch). */
const WATCHED_AT_MOST = 16;

/** Which cameras the page needs pictures of: those in view, and none while the page itself is hidden. */
export class WatchList {
  readonly #inView = new Set<string>();
  #isPageShown = true;
  #told: string | null = null;

  /** @param tell sends the whole list; called only when it changed */
  constructor(private readonly tell: (cameraIds: readonly string[]) => void) {}

  /** Says whether a camera's tile is in view. */
  setInView(cameraId: string, isInView: boolean): void {
    if (isInView) this.#inView.add(cameraId);
    else this.#inView.delete(cameraId);
    this.#update();
  }

  /** Says whether the page itself is shown (not in a background tab). */
  setPageShown(isShown: boolean): void {
    this.#isPageShown = isShown;
    this.#update();
  }

  /** Tells the list anew, to a server that does not know it: after each connect. */
  repeat(): void {
    this.#told = null;
    this.#update();
  }

  #update(): void {
    const wanted = this.#isPageShown ? [...this.#inView].sort().slice(0, WATCHED_AT_MOST) : [];
    const key = wanted.join(' ');
    if (key === this.#told) return;
    this.#told = key;
    this.tell(wanted);
  }
}
