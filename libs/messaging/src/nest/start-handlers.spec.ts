import { Controller, Module } from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import {
  ChangePseudonym,
  ChangeRecogniser,
  CompareRecognisers,
  CompareStranger,
  CustomerUpdated,
  EnrolPhotographs,
  type EnrolPhotographsReply,
  type EnrolPhotographsRequest,
  ExplainExpression,
  FaceCaptured,
  FrameCaptured,
  GalleryChanged,
  ListHeads,
  ListRecognisers,
  type Outcome,
  PseudonymChanged,
  RegularsError,
  ServeHead,
  SightingsReassigned,
  SILENT,
  TrainHead,
  TransientError,
} from '@regulars/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Delivery } from '../broker.js';
import { messageOfEvent } from '../envelope.js';
import { MemoryBroker } from '../memory/memory-broker.js';
import { MemoryOutbox } from '../outbox/memory-outbox.js';
import { OutboxPublisher } from '../outbox/outbox-publisher.js';
import { startHandlers } from './start-handlers.js';

const seen: { payload: unknown; delivery: Delivery }[] = [];
let answer: (request: EnrolPhotographsRequest, delivery: Delivery) => EnrolPhotographsReply;
let onFace: () => Outcome | void;

@Controller()
class RecognitionController {
  @EventPattern<string>(FrameCaptured.key)
  async onFrame(@Payload() payload: FrameCaptured, @Ctx() delivery: Delivery): Promise<void> {
    seen.push({ payload, delivery });
  }

  @EventPattern<string>(GalleryChanged.key)
  async onGallery(@Payload() payload: GalleryChanged, @Ctx() delivery: Delivery): Promise<void> {
    seen.push({ payload, delivery });
  }

  @EventPattern<string>(CustomerUpdated.key)
  async onCustomer(@Payload() payload: CustomerUpdated, @Ctx() delivery: Delivery): Promise<void> {
    seen.push({ payload, delivery });
    if (delivery.attempt === 1) throw new TransientError('STORE_UNAVAILABLE');
  }

  @MessagePattern<string>(EnrolPhotographs.key)
  async onEnrol(
    @Payload() request: EnrolPhotographsRequest,
    @Ctx() delivery: Delivery,
  ): Promise<EnrolPhotographsReply> {
    return answer(request, delivery);
  }

  @EventPattern<string>(PseudonymChanged.key)
  onPseudonym(): void {}

  @EventPattern<string>(SightingsReassigned.key)
  onReassigned(): void {}

  @MessagePattern<string>(ChangePseudonym.key)
  onChangePseudonym(): void {}

  @MessagePattern<string>(CompareStranger.key)
  onCompareStranger(): void {}

  @MessagePattern<string>(ListRecognisers.key)
  onListRecognisers(): void {}

  @MessagePattern<string>(CompareRecognisers.key)
  onCompareRecognisers(): void {}

  @MessagePattern<string>(ChangeRecogniser.key)
  onChangeRecogniser(): void {}
}

@Module({ controllers: [RecognitionController] })
class RecognitionModule {}

@Controller()
class ExpressionController {
  @EventPattern<string>(FaceCaptured.key)
  async onFace(): Promise<Outcome | void> {
    return onFace();
  }

  @MessagePattern<string>(ExplainExpression.key)
  onExplain(): void {}

  @MessagePattern<string>(ListHeads.key)
  onList(): void {}

  @MessagePattern<string>(TrainHead.key)
  onTrain(): void {}

  @MessagePattern<string>(ServeHead.key)
  onServe(): void {}
}

@Module({ controllers: [ExpressionController] })
class ExpressionModule {}

@Module({})
class EmptyModule {}

const telemetry = SILENT;
let broker: MemoryBroker;

beforeEach(() => {
  seen.length = 0;
  broker = new MemoryBroker(telemetry, { services: ['recognition', 'expression'] });
});
afterEach(() => broker.close(1_000));

async function until(fact: () => boolean): Promise<void> {
  await expect.poll(fact, { interval: 5, timeout: 5_000 }).toBe(true);
}

describe('startHandlers', () => {
  it('hands events, bodies and their delivery to the Nest handlers', async () => {
    const running = await startHandlers({
      module: RecognitionModule,
      service: 'recognition',
      broker,
      telemetry,
    });
    const publisher = new OutboxPublisher(broker, new MemoryOutbox(), 'capture', telemetry);
    const jpeg = new Uint8Array([0xff, 0xd8, 1, 2, 3]);
    expect(publisher.publishNewest(FrameCaptured, FrameCaptured.example, jpeg)).toBe(true);
    await publisher.publish(GalleryChanged, GalleryChanged.example, { eventId: 'evt_00000000000000000001' });
    await until(() => seen.length === 2);
    const [frame, gallery] = seen;
    expect(frame?.payload).toEqual(FrameCaptured.example);
    expect(frame?.delivery).toMatchObject({ queue: 'recognition.frames', attempt: 1, body: jpeg });
    expect(gallery?.delivery).toMatchObject({
      eventId: 'evt_00000000000000000001',
      producer: 'capture',
      happenedAt: GalleryChanged.example.changedAt,
    });
    await publisher.close(1_000);
    await running.stop();
  });

  it('gives a thrown TransientError a further attempt', async () => {
    const running = await startHandlers({
      module: RecognitionModule,
      service: 'recognition',
      broker,
      telemetry,
    });
    await broker.publish(
      messageOfEvent(CustomerUpdated, CustomerUpdated.example, {
        eventId: 'evt_00000000000000000002',
        producer: 'gateway',
      }),
    );
    await until(() => seen.length === 2);
    expect(seen.map(({ delivery }) => delivery.attempt)).toEqual([1, 2]);
    await running.stop();
  });

  it('answers commands, and lets the asker see the very error that was thrown', async () => {
    const running = await startHandlers({
      module: RecognitionModule,
      service: 'recognition',
      broker,
      telemetry,
    });
    const { customerId } = CustomerUpdated.example;
    answer = (request, delivery) => ({
      customerId: request.customerId,
      templates: delivery.body?.byteLength ?? 0,
      photographs: [],
    });
    const request = { customerId, sizes: [3] };
    const reply = await broker.ask(EnrolPhotographs, request, new Uint8Array(3));
    expect(reply).toEqual({ customerId, templates: 3, photographs: [] });
    answer = () => {
      throw new RegularsError('FACE_NOT_FOUND', { index: 2 });
    };
    const refused = await broker.ask(EnrolPhotographs, request).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RegularsError);
    expect(refused).toMatchObject({ code: 'FACE_NOT_FOUND', fields: { index: 2 } });
    answer = () => {
      throw new Error('secret detail');
    };
    const broken = await broker.ask(EnrolPhotographs, request).catch((error: unknown) => error);
    expect(broken).toMatchObject({ code: 'INTERNAL', fields: {} });
    await running.stop();
  });

  it('takes a returned outcome as it is, and nothing as done', async () => {
    const outcomes: string[] = [];
    const meter = {
      ...telemetry.meter,
      count: (name: string, labels: Readonly<Record<string, string>> = {}) => {
        if (name === 'regulars_messages_handled_total') outcomes.push(labels.outcome ?? '');
      },
    };
    const counted = new MemoryBroker({ ...telemetry, meter });
    const running = await startHandlers({
      module: ExpressionModule,
      service: 'expression',
      broker: counted,
      telemetry,
    });
    const publisher = new OutboxPublisher(counted, new MemoryOutbox(), 'recognition', telemetry);
    onFace = () => ({ kind: 'dead', reason: 'not a face' });
    publisher.publishNewest(FaceCaptured, FaceCaptured.example, new Uint8Array(1));
    await until(() => outcomes.length === 1);
    onFace = () => undefined;
    publisher.publishNewest(FaceCaptured, FaceCaptured.example, new Uint8Array(1));
    await until(() => outcomes.length === 2);
    expect(outcomes).toEqual(['dead', 'done']);
    await publisher.close(1_000);
    await running.stop();
    await counted.close(1_000);
  });

  it('refuses to start a service without a handler for a key of its queues, and names the key', async () => {
    const started = startHandlers({ module: EmptyModule, service: 'expression', broker, telemetry });
    await expect(started).rejects.toMatchObject({
      code: 'HANDLER_MISSING',
      fields: {
        service: 'expression',
        keys: [FaceCaptured.key, ExplainExpression.key, ListHeads.key, TrainHead.key, ServeHead.key],
      },
    });
  });
});
