import { parentPort, workerData } from 'node:worker_threads';
import type { HostMessage, WorkerMessage } from './calls.js';
import { type EngineOptions, VisionEngine } from './engine.js';
import { toErrorMessage } from './error-message.js';
import { ownedBuffers } from './transfer.js';

/** What a worker is started with. */
export interface WorkerOptions extends EngineOptions {
  readonly generation: string;
}

async function serve(): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('this file runs in a worker thread only');
  const send = (message: WorkerMessage) =>
    port.postMessage(message, message.kind === 'answered' ? ownedBuffers(message.answer.reply) : []);
  const options = workerData as WorkerOptions;
  const engine = await VisionEngine.open(options, options.generation).catch((error: unknown) => {
    send({ kind: 'refused', error: toErrorMessage(error) });
    return null;
  });
  if (engine === null) return;
  let last: Promise<void> = Promise.resolve();
  port.on('message', (message: HostMessage) => {
    last = last.then(async () => {
      if (message === 'close') {
        await engine.close();
        port.close();
        return;
      }
      const { id, name, request } = message;
      try {
        send({ kind: 'answered', id, answer: await engine.call(name, request) });
      } catch (error) {
        send({ kind: 'failed', id, error: toErrorMessage(error) });
      }
    });
  });
  send({ kind: 'ready', readiness: engine.readiness });
}

await serve();
