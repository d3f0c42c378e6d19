import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import {
  ChangeRecogniser,
  type ChangeRecogniserRequest,
  type CommandDefinition,
  CompareRecognisers,
  isRegularsError,
  ListRecognisers,
  type RecogniserAgreement,
  RecogniserCandidate,
  RecogniserEnd,
  RecogniserPromotion,
  type RecognisersView,
  TransientError,
} from '@regulars/contracts';
import type { Broker } from '@regulars/messaging';
import type { z } from 'zod';
import { BROKER } from '../services.js';

/** Another recogniser beside the one that serves: tried, promoted, put back. For owners only. */
@Controller('v1/recognisers')
export class RecognisersController {
  constructor(@Inject(BROKER) private readonly broker: Broker) {}

  @Get()
  list(): Promise<RecognisersView> {
    return this.ask(ListRecognisers, {});
  }

  @Get('agreement')
  agreement(): Promise<RecogniserAgreement> {
    return this.ask(CompareRecognisers, {});
  }

  @Post('candidate')
  @HttpCode(200)
  candidate(@Body({ schema: RecogniserCandidate }) { model }: RecogniserCandidate): Promise<RecognisersView> {
    return this.change({ kind: 'candidate', model });
  }

  @Post('promotion')
  @HttpCode(200)
  promote(@Body({ schema: RecogniserPromotion }) { without }: RecogniserPromotion): Promise<RecognisersView> {
    return this.change({ kind: 'promote', without });
  }

  @Post('roll-back')
  @HttpCode(200)
  rollBack(): Promise<RecognisersView> {
    return this.change({ kind: 'roll-back' });
  }

  @Delete('beside')
  @HttpCode(200)
  end(@Query({ schema: RecogniserEnd }) { deleteTemplates }: RecogniserEnd): Promise<RecognisersView> {
    return this.change({ kind: 'end', deleteTemplates });
  }

  private change(change: ChangeRecogniserRequest['change']): Promise<RecognisersView> {
    return this.ask(ChangeRecogniser, { change });
  }

  /** @throws TransientError RECOGNITION_UNAVAILABLE when recognition does not answer; whatever it answers with */
  private async ask<Request extends z.ZodObject, Reply extends z.ZodType>(
    command: CommandDefinition<Request, Reply>,
    request: z.infer<Request>,
  ): Promise<z.infer<Reply>> {
    try {
      return await this.broker.ask(command, request);
    } catch (error) {
      const isAway =
        isRegularsError(error) && (error.code === 'REPLY_TIMEOUT' || error.code === 'BROKER_UNAVAILABLE');
      throw isAway ? new TransientError('RECOGNITION_UNAVAILABLE', {}, { cause: error }) : error;
    }
  }
}
