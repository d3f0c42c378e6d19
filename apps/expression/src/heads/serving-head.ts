import { messageOf, type Log } from '@regulars/contracts';
import type { HeadsRepository } from '@regulars/persistence';
import { decodeHead, logitsOf, softmaxRows, type ExpressionScores, type Head } from '@regulars/vision';

/** How often the store is asked which head serves: a replica takes over another's choice within this time. */
const CHECK_MS = 15_000;

/** The head that serves: the one inside the model, or one that was trained on this shop's corrections. */
export class ServingHead {
  private current: { readonly headId: string; readonly head: Head } | null = null;
  private timer: NodeJS.Timeout | null = null;
  private last: Promise<void> = Promise.resolve();

  /** @param temperature by which the model's logits are divided */
  constructor(
    private readonly heads: HeadsRepository,
    private readonly model: string,
    private readonly temperature: number,
    private readonly log: Log,
  ) {}

  /** Null: the shipped head. */
  get headId(): string | null {
    return this.current?.headId ?? null;
  }

  /** The head's weights, where it is not the shipped one. */
  get head(): Head | null {
    return this.current?.head ?? null;
  }

  /** @throws TransientError STORE_UNAVAILABLE */
  async open(): Promise<void> {
    await this.refresh();
    this.timer = setInterval(() => {
      this.refresh().catch((error: unknown) => {
        this.log.warn({ reason: messageOf(error) }, 'the head that serves could not be looked up');
      });
    }, CHECK_MS);
    this.timer.unref();
  }

  /** Takes the head that the store says serves.
   *  @throws TransientError STORE_UNAVAILABLE; the one that serves goes on */
  refresh(): Promise<void> {
    const done = this.last.then(async () => {
      const headId = await this.heads.serving(this.model);
      if (headId === this.headId) return;
      const weights = headId === null ? null : await this.heads.weightsOf(headId);
      this.current = headId === null || weights === null ? null : { headId, head: decodeHead(weights) };
      this.log.info({ headId, model: this.model }, 'another head serves');
    });
    this.last = done.catch(() => undefined);
    return done;
  }

  /** The same scores as this head reads the features. */
  apply(scores: ExpressionScores): ExpressionScores {
    const { head } = this;
    return head === null ? scores : withHead(scores, head, this.temperature);
  }

  async close(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.last;
  }
}

/** Scores as another head reads their features; the same where there are none, or others than it was learnt from: then
 *  the model has changed since, and its own head knows better. */
export function withHead(scores: ExpressionScores, head: Head, temperature: number): ExpressionScores {
  const { features, mirroredFeatures } = scores;
  if (features?.length !== head.shape.inputs) return scores;
  const read = (row: Float32Array) => softmaxRows(logitsOf(head, row), head.shape.outputs, temperature);
  return {
    ...scores,
    probabilities: read(features),
    ...(mirroredFeatures ? { mirrored: read(mirroredFeatures) } : {}),
  };
}
