import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import {
  NewRefund,
  NewSale,
  type RefundAnswer,
  type RefundAnswers,
  RefundBatch,
  RegularsError,
  type SaleAnswer,
  type SaleAnswers,
  SaleBatch,
  type SaleResult,
} from '@regulars/contracts';
import type { RecordedRefund, RecordedSale, SaleRecord } from '@regulars/persistence';
import type { z } from 'zod';
import type { HttpRequest, HttpResponse } from '../http/exchange.js';
import { requestInvalid } from '../http/validation.js';
import { ForTills } from '../sign-in/token.guard.js';
import { type Answer, Once, type SingleSale } from './once.js';
import { refundAnswerOf, saleAnswerOf } from './sale-records.js';
import { SalesDesk } from './sales-desk.js';

/** Where sales that a till posts come from. */
const SOURCE = 'till';

@Controller('v1')
@ForTills()
export class SalesController {
  constructor(
    private readonly desk: SalesDesk,
    private readonly once: Once,
  ) {}

  @Post('sales')
  async sell(
    @Body() body: unknown,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<SaleAnswer | SaleAnswers> {
    const isBatch = hasField(body, 'sales');
    const sales = isBatch ? parsed(SaleBatch, body).sales : [parsed(NewSale, body)];
    const work = async () => {
      const incoming = sales.map((sale) => ({ kind: 'sale', sale }) as const);
      const taken = await this.desk.take(incoming, SOURCE, new Date().toISOString());
      const items = taken.map(({ record, result }) => saleAnswerOf(record as RecordedSale, result));
      return isBatch ? batchAnswer(items) : singleAnswer(items[0]);
    };
    const [first] = sales;
    const single = isBatch || first === undefined ? null : this.single(first);
    const content = isBatch ? { sales } : first;
    return this.once.answer<SaleAnswer | SaleAnswers>(request, response, content, work, single);
  }

  private single(sale: NewSale): SingleSale<SaleAnswer> {
    const answerOf = (record: SaleRecord) => singleAnswer(saleAnswerOf(record as RecordedSale, 'recorded'));
    return {
      store: async (request) => {
        const taken = await this.desk.takeRequested(sale, SOURCE, request, new Date().toISOString());
        return taken && answerOf(taken.record);
      },
      answerOf,
    };
  }

  @Post('refunds')
  async refund(
    @Body() body: unknown,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<RefundAnswer | RefundAnswers> {
    const isBatch = hasField(body, 'refunds');
    const refunds = isBatch ? parsed(RefundBatch, body).refunds : [parsed(NewRefund, body)];
    const content = isBatch ? { refunds } : refunds[0];
    return this.once.answer<RefundAnswer | RefundAnswers>(request, response, content, async () => {
      const incoming = refunds.map((refund) => ({ kind: 'refund', refund }) as const);
      const taken = await this.desk.take(incoming, SOURCE, new Date().toISOString());
      const items = taken.map(({ record, result }) => refundAnswerOf(record as RecordedRefund, result));
      return isBatch ? batchAnswer(items) : singleAnswer(items[0]);
    });
  }
}

function hasField(body: unknown, field: string): boolean {
  return typeof body === 'object' && body !== null && field in body;
}

/** @throws RegularsError REQUEST_INVALID */
function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw requestInvalid(result.error.issues);
}

/** @throws RegularsError SALE_DIFFERS */
function singleAnswer<Item extends { result: SaleResult; externalId: string }>(
  item: Item | undefined,
): Answer<Item> {
  if (item === undefined) throw new RegularsError('INTERNAL');
  if (item.result === 'differs') throw new RegularsError('SALE_DIFFERS', { externalId: item.externalId });
  return { status: statusOf([item]), body: item };
}

function batchAnswer<Item extends { result: SaleResult }>(items: Item[]): Answer<{ items: Item[] }> {
  return { status: statusOf(items), body: { items } };
}

/** 201 when something is new, 200 when all was there. */
function statusOf(items: readonly { result: SaleResult }[]): number {
  return items.some(({ result }) => result === 'recorded') ? 201 : 200;
}
