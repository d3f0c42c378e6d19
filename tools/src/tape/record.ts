import { parseArgs } from 'node:util';
import { SILENT } from '@regulars/contracts';
import { AmqpBroker, recordEvents } from '@regulars/messaging';
import { environmentOfProcess } from '@regulars/runtime';

const HELP =
  'npm run record -- TAPE [--seconds N] [--pictures]   (over RABBITMQ_URL; for one process: npm start -- --record TAPE)';

/** `npm run record`: writes every event on the broker to a file until Ctrl-C, or for some seconds. Pictures of
 *  people are left out unless asked for. */
export async function record(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { seconds: { type: 'string' }, pictures: { type: 'boolean', default: false } },
  });
  const [file] = positionals;
  const { rabbitmqUrl, brokerNamespace } = environmentOfProcess();
  if (file === undefined || rabbitmqUrl === undefined) throw new Error(HELP);
  const broker = new AmqpBroker({ url: rabbitmqUrl, namespace: brokerNamespace, service: 'gateway' }, SILENT);
  const recording = await recordEvents(broker, file, { bodies: values.pictures });
  console.log(`recording to ${file}; Ctrl-C ends it`);
  await untilEnd(values.seconds === undefined ? undefined : Number(values.seconds));
  await recording.stop();
  await broker.close(5_000);
  console.log(JSON.stringify({ messages: recording.messages, leftOut: recording.leftOut }));
}

function untilEnd(seconds: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
    if (seconds !== undefined) setTimeout(resolve, seconds * 1000);
  });
}
