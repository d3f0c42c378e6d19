import { createHash } from 'node:crypto';
import {
  type BesideRole,
  type Instant,
  isRegularsError,
  messageOf,
  type Telemetry,
} from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import type { TemplatesRepository } from '@regulars/persistence';
import { subjectOf } from '../enrolment/photographs.js';
import type { OpenedRecogniser } from './opened-recogniser.js';

/** A photograph that the serving recogniser took. */
export interface TakenPhotograph {
  readonly customerId: string;
  readonly templateId: string;
  readonly bytes: Uint8Array;
  readonly addedAt: Instant;
}

/** Photographs that wait at most, 10 MB each at most; more are not embedded, and their people stay uncovered. */
const MOST_WAITING = 40;

/** The recogniser beside the serving one. Photographs that are enrolled are embedded by it too, after the answer:
 *  whatever goes wrong with it, enrolment and serving go on. */
export class Beside {
  private last: Promise<void> = Promise.resolve();
  private waiting = 0;
  private isClosed = false;

  constructor(
    readonly opened: OpenedRecogniser,
    readonly role: BesideRole,
    private readonly templates: TemplatesRepository,
    private readonly telemetry: Telemetry,
  ) {}

  /** Embeds photographs when there is time. */
  offer(photographs: readonly TakenPhotograph[]): void {
    for (const photograph of photographs) {
      if (this.waiting >= MOST_WAITING) {
        this.count('dropped');
        continue;
      }
      this.waiting += 1;
      this.last = this.last.then(() => this.take(photograph)).finally(() => (this.waiting -= 1));
    }
  }

  /** Resolves when everything offered so far is done. */
  settled(): Promise<void> {
    return this.last;
  }

  /** Gives up what waits, and frees the models. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.last;
    await this.opened.vision.close();
  }

  private async take(photograph: TakenPhotograph): Promise<void> {
    if (this.isClosed) return;
    try {
      this.count((await this.embed(photograph)) ? 'added' : 'known');
    } catch (error) {
      const isAboutPhotograph = isRegularsError(error) && error.status < 500;
      this.count(isAboutPhotograph ? 'refused' : 'failed');
      if (isAboutPhotograph) return;
      const { model } = this.opened;
      const { customerId } = photograph;
      this.telemetry.log.warn(
        { model, customerId, reason: messageOf(error) },
        'photograph could not be embedded beside',
      );
    }
  }

  private async embed({ customerId, templateId, bytes, addedAt }: TakenPhotograph): Promise<boolean> {
    const { model, vision } = this.opened;
    const { embedding, quality } = subjectOf(await vision.analysePhotograph(bytes));
    // Photographs that were removed in between are not brought back.
    if (!(await this.templates.has(templateId))) return false;
    return this.templates.add({
      templateId: idFrom('tpl', customerId, model, createHash('sha256').update(bytes).digest('hex')),
      customerId,
      model,
      embedding,
      quality,
      source: 'photograph',
      addedAt,
      twinOf: templateId,
    });
  }

  private count(result: 'added' | 'known' | 'refused' | 'failed' | 'dropped'): void {
    const { model } = this.opened;
    this.telemetry.meter.count('regulars_recogniser_embeddings_total', { model, result });
  }
}
