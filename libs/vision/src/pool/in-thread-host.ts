import { randomUUID } from 'node:crypto';
import type { Answer, CallName, Readiness, RequestOf, VisionHost } from './calls.js';
import { type EngineOptions, VisionEngine } from './engine.js';

/** Runs the models in the caller's own thread, one call after the other: for tools and tests. */
export class InThreadHost implements VisionHost {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  private constructor(private readonly engine: VisionEngine) {}

  static async open(options: EngineOptions): Promise<InThreadHost> {
    return new InThreadHost(await VisionEngine.open(options, randomUUID()));
  }

  get readiness(): Readiness {
    return this.engine.readiness;
  }

  get load(): number {
    return this.waiting;
  }

  fault(): string | null {
    return null;
  }

  call<Name extends CallName>(name: Name, request: RequestOf<Name>): Promise<Answer<Name>> {
    this.waiting += 1;
    const answer = this.last
      .then(() => this.engine.call(name, request))
      .finally(() => {
        this.waiting -= 1;
      });
    this.last = answer.catch(() => undefined);
    return answer;
  }

  async close(): Promise<void> {
    await this.last;
    await this.engine.close();
  }
}
