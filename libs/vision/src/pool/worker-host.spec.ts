import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SILENT } from '@regulars/contracts';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { WorkerHost } from './worker-host.js';

const folder = mkdtempSync(join(tmpdir(), 'regulars-worker-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A thread that keeps to the messages of the real one: crops are answered with their handle, a frame ends it, a
 *  photograph is never answered. */
const entry = pathToFileURL(join(folder, 'worker.mjs'));
writeFileSync(
  entry,
  `import { parentPort } from 'node:worker_threads';
   parentPort.on('message', (message) => {
     if (message === 'close') parentPort.close();
     else if (message.name === 'analyseFrame') process.exit(7);
     else if (message.name === 'cropView')
       parentPort.postMessage({ kind: 'answered', id: message.id, answer: { reply: message.request.handle, runs: [] } });
   });
   parentPort.postMessage({ kind: 'ready', readiness: { provider: 'cpu', recogniser: 'r' } });`,
);
const refusing = pathToFileURL(join(folder, 'refusing.mjs'));
writeFileSync(
  refusing,
  `import { parentPort } from 'node:worker_threads';
   const error = { code: 'MODEL_CORRUPT', fields: { model: 'x' }, transient: false, detail: null };
   parentPort.postMessage({ kind: 'refused', error });`,
);

const options = { modelsDir: 'unused', provider: 'cpu' } as const;
const frame = { cameraId: 'door', jpeg: new Uint8Array(3), expectedPx: [] };
const crop = { handle: 'h', face: {} as never };

describe('a worker host', () => {
  it('rejects what a worker had in hand when it dies, says so, and has another soon', async () => {
    const told: string[] = [];
    const log = {
      ...SILENT.log,
      error: (_: unknown, message: string) => void told.push(message),
      info: (_: unknown, message: string) => void told.push(message),
    };
    const host = await WorkerHost.open(options, log, entry);
    const stuck = host.call('analysePhotograph', { bytes: new Uint8Array(1), look: 'quick' });
    const killing = host.call('analyseFrame', frame);
    const outcomes = await Promise.allSettled([stuck, killing]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { name: 'TransientError', code: 'VISION_WORKER_LOST' },
      });
    }
    expect(host.fault()).toBe('VISION_WORKER_LOST');
    await expect(host.call('cropView', crop)).rejects.toMatchObject({ code: 'VISION_WORKER_LOST' });
    await vi.waitFor(() => expect(host.fault()).toBeNull(), { timeout: 5_000 });
    expect(await host.call('cropView', crop)).toEqual({ reply: 'h', runs: [] });
    expect(told).toEqual(['vision worker lost', 'vision worker is back']);
    await host.close();
  });

  it('does not open over a worker that refuses, and tells why', async () => {
    await expect(WorkerHost.open(options, SILENT.log, refusing)).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
      fields: { model: 'x' },
    });
  });

  it('gives the request’s bytes to the worker instead of copying them', async () => {
    const host = await WorkerHost.open(options, SILENT.log, entry);
    const bytes = new Uint8Array(1_000);
    const photograph = host.call('analysePhotograph', { bytes, look: 'quick' });
    expect(bytes.length).toBe(0);
    await host.close();
    await expect(photograph).rejects.toMatchObject({ code: 'VISION_WORKER_LOST' });
  });
});
