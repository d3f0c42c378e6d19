import { messageOf, RegularsError, type HeadsView, type Instant, type Telemetry } from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import type { CropsRepository, HeadsRepository } from '@regulars/persistence';
import { encodeHead, trainHead, type ExpressionScores, type Head } from '@regulars/vision';
import { read, type ReadingRule } from '../reading.js';
import { scoreCrops, type ScoringVision } from '../scoring.js';
import { compare, isBetter, LEAST_HELD_OUT } from './comparison.js';
import { divide, examplesOf, type Example } from './lesson.js';
import { withHead, type ServingHead } from './serving-head.js';

/** Corrections without which no head is trained: a third is held out, of at least five customers. */
export const LEAST_CORRECTIONS = 60;
/** More are not read: the newest views of a shop say enough, and a training ends within two minutes. */
const MOST_CORRECTIONS = 2_000;
const BATCH_SIZE = 8;
/** Small steps from a head that is good already, drawn back to it; ended when the validating customers say so. */
const TRAINING = { epochs: 40, batch: 16, learningRate: 3e-4, patience: 6, pullToStart: 2, seed: 1 } as const;

/** A net whose head can be trained. */
export interface TrainableModel {
  readonly name: string;
  readonly vision: ScoringVision;
  readonly rule: ReadingRule;
  readonly temperature: number;
  /** The shipped head; null when the model has none, or gives no features. */
  readonly shipped: Head | null;
}

interface Books {
  readonly crops: Pick<CropsRepository, 'corrected' | 'countCorrected'>;
  readonly heads: HeadsRepository;
}

/** Trains heads on what operators corrected, compares them with the one that serves, and lets the better serve. */
export class HeadBook {
  private isTraining = false;

  constructor(
    private readonly model: TrainableModel,
    private readonly books: Books,
    private readonly serving: ServingHead,
    private readonly telemetry: Telemetry,
  ) {}

  async list(): Promise<HeadsView> {
    const { name, shipped } = this.model;
    return {
      model: name,
      serving: await this.books.heads.serving(name),
      corrections: await this.books.crops.countCorrected(),
      correctionsNeeded: LEAST_CORRECTIONS,
      obstacle: shipped === null ? 'the model gives no features' : null,
      heads: await this.books.heads.list(name),
    };
  }

  /** @throws RegularsError HEAD_NOT_FOUND when it is no head of this model */
  async serve(headId: string | null): Promise<HeadsView> {
    if (!(await this.books.heads.serve(this.model.name, headId))) {
      throw new RegularsError('HEAD_NOT_FOUND', { headId });
    }
    await this.serving.refresh();
    return this.list();
  }

  /** Trains one head; it serves only if it is better on the customers held out.
   *  @throws RegularsError HEAD_NOT_TRAINABLE, CORRECTIONS_TOO_FEW, HEAD_TRAINING_RUNS */
  async train(at: Instant, signal?: AbortSignal): Promise<HeadsView> {
    if (this.isTraining) throw new RegularsError('HEAD_TRAINING_RUNS');
    this.isTraining = true;
    const count = (result: string) =>
      this.telemetry.meter.count('regulars_expression_heads_total', { result });
    try {
      count((await this.trainOne(at, signal)) ? 'serving' : 'refused');
    } catch (error) {
      count('failed');
      this.telemetry.log.warn({ reason: messageOf(error) }, 'no head was trained');
      throw error;
    } finally {
      this.isTraining = false;
    }
    return this.list();
  }

  private async trainOne(at: Instant, signal?: AbortSignal): Promise<boolean> {
    const { name, shipped, rule, temperature } = this.model;
    if (shipped === null) throw new RegularsError('HEAD_NOT_TRAINABLE', { model: name });
    const start = this.serving.head ?? shipped;
    const { classes, examples } = await this.examples(at);
    const lesson = divide(examples);
    checkLesson(lesson, examples.length);
    const trained = await trainHead({
      start,
      training: examplesOf(classes, lesson.training),
      validation: examplesOf(classes, lesson.validation),
      options: TRAINING,
      ...(signal ? { signal } : {}),
    });
    const comparison = compare(
      lesson.heldOut.map(({ truth, probabilities, features }) => {
        const before = { classes, probabilities, features };
        const after = withHead(before, trained.head, temperature);
        return { truth, before: read(before, rule).class, after: read(after, rule).class };
      }),
    );
    const serves = isBetter(comparison);
    const headId = newId('hed');
    const view = { headId, model: name, trainedAt: at, examples: lesson.training.length, comparison };
    await this.books.heads.add({ ...view, state: 'refused' }, encodeHead(trained.head));
    if (serves) await this.serve(headId);
    this.telemetry.log.info({ headId, serves, ...comparison }, 'a head was trained');
    return serves;
  }

  /** Corrected crops as the head that serves sees them. */
  private async examples(at: Instant): Promise<{ classes: readonly string[]; examples: readonly Example[] }> {
    const examples: Example[] = [];
    let classes: readonly string[] = [];
    let waiting: { customerId: string; truth: Example['truth']; jpeg: Uint8Array }[] = [];
    const flush = async () => {
      const batch = waiting;
      waiting = [];
      const scores = await scoreCrops(
        this.model.vision,
        batch.map(({ jpeg }) => jpeg),
      );
      batch.forEach(({ customerId, truth }, i) => {
        const seen: ExpressionScores | null | undefined = scores[i];
        if (!seen?.features) return;
        classes = seen.classes;
        const { probabilities, features = seen.features } = this.serving.apply(seen);
        examples.push({ customerId, truth, probabilities, features });
      });
    };
    for await (const { crop, jpeg } of this.books.crops.corrected(at)) {
      waiting.push({ customerId: crop.customerId, truth: crop.correction, jpeg });
      if (waiting.length === BATCH_SIZE) await flush();
      if (examples.length >= MOST_CORRECTIONS) break;
    }
    if (waiting.length > 0) await flush();
    return { classes, examples };
  }
}

/** @throws RegularsError CORRECTIONS_TOO_FEW */
function checkLesson(lesson: ReturnType<typeof divide>, corrections: number): void {
  const kinds = new Set(lesson.training.map(({ truth }) => truth)).size;
  const heldOut = lesson.heldOut.length;
  const isEnough =
    corrections >= LEAST_CORRECTIONS &&
    heldOut >= LEAST_HELD_OUT &&
    kinds >= 2 &&
    lesson.validation.length > 0;
  if (isEnough) return;
  throw new RegularsError('CORRECTIONS_TOO_FEW', {
    corrections,
    correctionsNeeded: LEAST_CORRECTIONS,
    heldOut,
    heldOutNeeded: LEAST_HELD_OUT,
    kinds,
    kindsNeeded: 2,
    validating: lesson.validation.length,
    validatingNeeded: 1,
  });
}
