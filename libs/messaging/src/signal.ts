/** Wakes whoever waits. A notification that comes while nobody waits is not remembered. */
export class Signal {
  private wakers: (() => void)[] = [];

  wait(): Promise<void> {
    return new Promise((resolve) => this.wakers.push(resolve));
  }

  notify(): void {
    for (const wake of this.wakers.splice(0)) wake();
  }
}
