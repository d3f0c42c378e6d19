import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SERVICES, type ServiceName, SILENT } from '@regulars/contracts';
import { AmqpBroker, diffRecordings, MemoryBroker, recordEvents, replayEvents } from '@regulars/messaging';
import { openStore } from '@regulars/persistence';
import { createTelemetry, environmentOfProcess, parseEnvironment } from '@regulars/runtime';
import { servicesNamed, startService } from '../serve.js';

const HELP = `npm run replay -- TAPE [--speed N]                    to the services at RABBITMQ_URL
npm run replay -- TAPE --service NAME --out NEWTAPE   to one service alone; what it publishes is taped
npm run replay -- --diff TAPE OTHER                   what differs between two tapes; exit code 1 if anything`;

/** `npm run replay`: plays a tape of events back, or compares two. */
export async function replay(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      speed: { type: 'string' },
      service: { type: 'string' },
      out: { type: 'string' },
      diff: { type: 'boolean' },
    },
  });
  const [tape, other] = positionals;
  if (tape === undefined) throw new Error(HELP);
  if (values.diff) {
    if (other === undefined) throw new Error(HELP);
    return compare(tape, other);
  }
  if (values.service !== undefined) return replayInto(servicesNamed(values.service), tape, values.out);
  await replayToBroker(tape, Number(values.speed ?? 1));
}

async function compare(tape: string, other: string): Promise<void> {
  const { same, added, removed, changed } = await diffRecordings(tape, other);
  for (const { key, payload } of removed) console.log(`- ${key} ${JSON.stringify(payload)}`);
  for (const { key, payload } of added) console.log(`+ ${key} ${JSON.stringify(payload)}`);
  for (const { after, fields } of changed)
    console.log(`~ ${after.key} ${fields.join(', ')} ${JSON.stringify(after.payload)}`);
  console.log(
    JSON.stringify({ same, added: added.length, removed: removed.length, changed: changed.length }),
  );
  if (added.length + removed.length + changed.length > 0) process.exitCode = 1;
}

async function replayToBroker(tape: string, speed: number): Promise<void> {
  const { rabbitmqUrl, brokerNamespace } = environmentOfProcess();
  if (rabbitmqUrl === undefined || !(speed > 0)) throw new Error(HELP);
  const broker = new AmqpBroker({ url: rabbitmqUrl, namespace: brokerNamespace, service: 'gateway' }, SILENT);
  console.log(JSON.stringify(await replayEvents(tape, broker, { speed })));
  await broker.close(5_000);
}

/** Plays a tape to services of their own, over the memory broker and an empty store, as fast as they take it.
 *  What the services themselves had published is left out, and what they publish now is taped.
 *  @param out the new tape; standard output gets its lines when absent */
export async function replayInto(
  services: readonly ServiceName[],
  tape: string,
  out?: string,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-replay-'));
  const environment = parseEnvironment({
    ...process.env,
    DATA_DIR: folder,
    RABBITMQ_URL: '',
    MONGODB_URI: '',
    GATEWAY_PORT: '0',
  });
  const store = openStore({ dataDir: folder, telemetry: SILENT });
  await store.open();
  const broker = new MemoryBroker(SILENT, { services });
  const producers = SERVICES.filter((name) => !services.includes(name));
  const recording = await recordEvents(broker, out ?? '/dev/stdout', { producers: services });
  const running = [];
  for (const name of services)
    running.push(
      await startService(name, {
        environment,
        broker,
        store,
        telemetry: createTelemetry({ service: name, environment }),
      }),
    );
  const { sent, skipped } = await replayEvents(tape, broker, { producers });
  for (const service of running) await service.stop();
  await recording.stop();
  await broker.close(5_000);
  await store.close();
  rmSync(folder, { recursive: true, force: true });
  console.log(JSON.stringify({ sent, skipped, published: recording.messages }));
}
