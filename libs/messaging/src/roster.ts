/** A worker silent for so long is taken for gone, milliseconds: three missed signs of life. */
export const SILENT_MS = 3_000;

/** Who is alive, by the signs of life heard. */
export class Roster {
  private readonly heardAt = new Map<string, number>();

  /** @returns whether the worker is new */
  heard(worker: string, nowMs: number): boolean {
    const isNew = !this.heardAt.has(worker);
    this.heardAt.set(worker, nowMs);
    return isNew;
  }

  gone(worker: string): void {
    this.heardAt.delete(worker);
  }

  clear(): void {
    this.heardAt.clear();
  }

  alive(nowMs: number): readonly string[] {
    for (const [worker, at] of this.heardAt) if (nowMs - at >= SILENT_MS) this.heardAt.delete(worker);
    return [...this.heardAt.keys()];
  }
}
