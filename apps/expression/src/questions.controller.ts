import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import {
  ExplainExpression,
  ListHeads,
  RegularsError,
  ServeHead,
  TrainHead,
  type ExplainExpressionRequest,
  type ExpressionExplanationView,
  type HeadsView,
  type ServeHeadRequest,
} from '@regulars/contracts';
import type { Delivery } from '@regulars/messaging';
import { explain } from './explanations.js';
import type { ExpressionModel } from './expressions.js';
import { HeadBook } from './heads/head-book.js';

export const MODEL = Symbol('MODEL');

/** What operators ask of the expression service. */
@Controller()
export class QuestionsController {
  constructor(
    @Inject(MODEL) private readonly model: ExpressionModel,
    private readonly heads: HeadBook,
  ) {}

  @MessagePattern<string>(ExplainExpression.key)
  onExplain(
    @Payload() { boxPx }: ExplainExpressionRequest,
    @Ctx() { body }: Delivery,
  ): Promise<ExpressionExplanationView> {
    if (body === undefined) throw new RegularsError('MESSAGE_INVALID', { missing: 'body' });
    return explain(this.model, body, boxPx);
  }

  @MessagePattern<string>(ListHeads.key)
  onList(): Promise<HeadsView> {
    return this.heads.list();
  }

  @MessagePattern<string>(TrainHead.key)
  onTrain(): Promise<HeadsView> {
    return this.heads.train(new Date().toISOString());
  }

  @MessagePattern<string>(ServeHead.key)
  onServe(@Payload() { headId }: ServeHeadRequest): Promise<HeadsView> {
    return this.heads.serve(headId);
  }
}
