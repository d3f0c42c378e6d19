import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExpressionScored, SILENT, type SatisfactionClass } from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import {
  CropsRepository,
  HeadsRepository,
  Keyring,
  SqliteStore,
  type DocumentStore,
} from '@regulars/persistence';
import { randomOf } from '@regulars/contracts/random';
import {
  decodeHead,
  initialHead,
  logitsOf,
  softmaxRows,
  type ExpressionScores,
  type Head,
} from '@regulars/vision';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HeadBook, LEAST_CORRECTIONS, type TrainableModel } from './head-book.js';
import { ServingHead } from './serving-head.js';

const CLASSES = ['neutral', 'happiness', 'sadness'];
const WIDTH = 6;
const AT = '2026-03-02T09:00:00.000Z';
const RULE = { decisiveFrom: 0.5, unsureBelow: 0.3 };
const KINDS: readonly SatisfactionClass[] = ['neutral', 'satisfied', 'dissatisfied'];

/** A body whose features are the bytes of the "picture" less 128, through a head that knows nothing yet. */
function model(shipped: Head | null): TrainableModel {
  const head = shipped ?? initialHead({ inputs: WIDTH, hidden: 16, outputs: 3 }, 1);
  return {
    name: 'test',
    rule: RULE,
    temperature: 1,
    shipped,
    vision: {
      scoreExpressions: async (crops) =>
        crops.map((jpeg): ExpressionScores => {
          const features = Float32Array.from(jpeg, (byte) => (byte - 128) / 64);
          return { classes: CLASSES, features, probabilities: softmaxRows(logitsOf(head, features), 3) };
        }),
    },
  };
}

describe('the book of heads', () => {
  let folder: string;
  let store: DocumentStore;
  let crops: CropsRepository;
  let heads: HeadsRepository;
  const shipped = initialHead({ inputs: WIDTH, hidden: 16, outputs: 3 }, 1);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'regulars-heads-'));
    store = new SqliteStore(folder);
    await store.open();
    crops = new CropsRepository(store, new Keyring(store, new Uint8Array(32)));
    heads = new HeadsRepository(store);
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Corrections of pictures whose three kinds differ in their first bytes. @param truthOf what the operator says */
  async function correct(
    count: number,
    truthOf: (kind: number, i: number) => SatisfactionClass,
  ): Promise<void> {
    const random = randomOf(5);
    for (let i = 0; i < count; i += 1) {
      const kind = i % 3;
      const jpeg = Uint8Array.from(
        { length: WIDTH },
        (_, at) => 128 + (at === kind ? 70 : 0) + 30 * (random() - 0.5),
      );
      const cropId = idFrom('crp', i);
      const { cameraId, storeId, sightingId, outcome } = ExpressionScored.example;
      const rest = { cameraId, storeId, sightingId, outcome, model: 'test', jpeg };
      const times = { capturedAt: '2026-03-01T09:00:00.000Z', expiresAt: '2026-04-01T09:00:00.000Z' };
      await crops.keep({ cropId, customerId: idFrom('cus', Math.floor(i / 6)), ...times, ...rest });
      await crops.correct(cropId, truthOf(kind, i), AT);
    }
  }

  async function bookOver(trainable: TrainableModel) {
    const serving = new ServingHead(heads, 'test', 1, SILENT.log);
    await serving.open();
    return { serving, book: new HeadBook(trainable, { crops, heads }, serving, SILENT) };
  }

  it('trains a head that serves, since it is better on customers it never saw, and rolls it back', async () => {
    await correct(150, (kind) => KINDS[kind] ?? 'neutral');
    const { serving, book } = await bookOver(model(shipped));
    const [head] = (await book.train(AT)).heads;
    expect(head).toMatchObject({ state: 'serving', model: 'test' });
    expect(head?.comparison.rightAfter).toBeGreaterThan(head?.comparison.rightBefore ?? 0);
    expect(head?.comparison.chance).toBeLessThan(0.05);
    expect(serving.headId).toBe(head?.headId);
    const smile = Float32Array.of(0, 1.1, 0, 0, 0, 0);
    const plain = { classes: CLASSES, features: smile, probabilities: Float32Array.of(1, 0, 0) };
    const before = softmaxRows(logitsOf(shipped, smile), 3);
    expect(serving.apply(plain).probabilities[1]).toBeGreaterThan(before[1] ?? 1);
    const back = await book.serve(null);
    expect(back).toMatchObject({ serving: null, heads: [{ headId: head?.headId, state: 'retired' }] });
    expect(serving.apply(plain).probabilities).toBe(plain.probabilities);
    expect(await book.serve(head?.headId ?? null)).toMatchObject({ serving: head?.headId });
  });

  it('keeps the old head where the corrections teach nothing', async () => {
    const random = randomOf(11);
    await correct(150, () => KINDS[Math.floor(random() * 3)] ?? 'neutral');
    const { serving, book } = await bookOver(model(shipped));
    expect(await book.train(AT)).toMatchObject({ serving: null, heads: [{ state: 'refused' }] });
    expect(serving.headId).toBeNull();
  });

  it('is taken over by another replica that looks', async () => {
    await correct(150, (kind) => KINDS[kind] ?? 'neutral');
    const [one, other] = [await bookOver(model(shipped)), await bookOver(model(shipped))];
    await one.book.train(AT);
    expect(other.serving.headId).toBeNull();
    await other.serving.refresh();
    expect(other.serving.headId).toBe(one.serving.headId);
    expect(other.serving.head).toEqual(
      decodeHead((await heads.weightsOf(one.serving.headId ?? '')) ?? new Uint8Array()),
    );
  });

  it('refuses to train on too little, for a model without features, or twice at once', async () => {
    await correct(LEAST_CORRECTIONS - 1, (kind) => KINDS[kind] ?? 'neutral');
    const { book } = await bookOver(model(shipped));
    await expect(book.train(AT)).rejects.toMatchObject({ code: 'CORRECTIONS_TOO_FEW' });
    await correct(150, (kind) => KINDS[kind] ?? 'neutral');
    const bare = await bookOver(model(null));
    await expect(bare.book.train(AT)).rejects.toMatchObject({ code: 'HEAD_NOT_TRAINABLE' });
    expect(await bare.book.list()).toMatchObject({ obstacle: expect.stringContaining('features') });
    const both = await Promise.allSettled([book.train(AT), book.train(AT)]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await expect(book.serve(idFrom('hed', 'nowhere'))).rejects.toMatchObject({ code: 'HEAD_NOT_FOUND' });
  });

  it('forgets the corrections of a customer with the customer', async () => {
    await correct(12, (kind) => KINDS[kind] ?? 'neutral');
    expect(await crops.countOfCustomer(idFrom('cus', 0))).toBe(6);
    expect(await crops.removeOfCustomer(idFrom('cus', 0))).toBe(6);
    expect(await crops.countCorrected()).toBe(6);
  });
});
