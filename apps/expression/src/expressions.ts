import {
  ExpressionScored,
  messageOf,
  type ExpressionOutcome,
  type FaceCaptured,
  type Telemetry,
} from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import type { Publisher } from '@regulars/messaging';
import type { ExpressionScores, Head, Vision } from '@regulars/vision';
import { Batch } from './batch.js';
import type { CropBook } from './crops/crop-book.js';
import type { ServingHead } from './heads/serving-head.js';
import { flawOf, judgeExpression } from './judgement.js';
import { Pace } from './pace.js';
import type { ReadingRule } from './reading.js';
import { scoreCrops, type ScoringVision } from './scoring.js';

/** Larger batches bring nothing on a CPU (models.md, measured). */
export const BATCH_SIZE = 8;

/** The net that scores, and its name in models/manifest.json. */
export interface ExpressionModel {
  readonly name: string;
  readonly vision: ScoringVision & Pick<Vision, 'explainExpression'>;
  readonly rule: ReadingRule;
  readonly temperature: number;
  /** The shipped head; null when none can be trained. */
  readonly shipped: Head | null;
}

/** What is done with a crop besides scoring it. */
export interface Shelves {
  readonly crops: Pick<CropBook, 'consider'>;
  readonly head: Pick<ServingHead, 'apply'>;
}

/** Face crops to published expressions. */
export class Expressions {
  private readonly pace = new Pace();
  private readonly batch: Batch<Uint8Array, ExpressionScores | null>;

  constructor(
    private readonly model: ExpressionModel,
    private readonly publisher: Publisher,
    private readonly shelves: Shelves,
    private readonly telemetry: Telemetry,
  ) {
    this.batch = new Batch(BATCH_SIZE, (crops) => scoreCrops(model.vision, crops));
  }

  /** Publishes what one crop says. A crop that cannot be decoded, or a second one within a second of its
   *  sighting, is dropped. */
  async take(face: FaceCaptured, jpeg: Uint8Array): Promise<void> {
    if (!this.pace.admits(face.sightingId, face.capturedAt)) return;
    const outcome = await this.judge(face, jpeg);
    if (!outcome) {
      this.count('unreadable');
      this.telemetry.log.warn({ cameraId: face.cameraId, bytes: jpeg.byteLength }, 'face crop unreadable');
      return;
    }
    const { sightingId, cameraId, storeId, capturedAt } = face;
    const eventId = idFrom('evt', sightingId, 'expression', capturedAt);
    await this.publisher.publish(
      ExpressionScored,
      { sightingId, cameraId, storeId, capturedAt, model: this.model.name, outcome },
      { eventId },
    );
    this.count(outcome.kind === 'scored' ? outcome.class : outcome.reason);
    await this.keep(face, jpeg, outcome);
  }

  /** A crop that cannot be kept is none the less scored. */
  private async keep(face: FaceCaptured, jpeg: Uint8Array, outcome: ExpressionOutcome): Promise<void> {
    try {
      await this.shelves.crops.consider(face, jpeg, { model: this.model.name, outcome });
    } catch (error) {
      this.telemetry.log.warn({ cameraId: face.cameraId, reason: messageOf(error) }, 'face crop not kept');
    }
  }

  private async judge(face: FaceCaptured, jpeg: Uint8Array): Promise<ExpressionOutcome | null> {
    const flaw = flawOf(face.quality);
    if (flaw) return { kind: 'abstained', reason: flaw };
    const scores = await this.batch.add(jpeg);
    return scores && judgeExpression(this.shelves.head.apply(scores), face.quality, this.model.rule);
  }

  private count(result: string): void {
    this.telemetry.meter.count('regulars_expressions_total', { result });
  }
}
