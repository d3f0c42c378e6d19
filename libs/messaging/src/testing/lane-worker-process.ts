import { DONE, type FrameCaptured, SILENT } from '@regulars/contracts';
import { AmqpBroker } from '../amqp/amqp-broker.js';

/** A lane worker in a process of its own, to be killed: writes the camera of each frame it gets, one a line.
 *  Arguments: URL and namespace. */
const [url = '', namespace = ''] = process.argv.slice(2);
const broker = new AmqpBroker({ url, namespace, service: 'recognition' }, SILENT);
await broker.subscribe('recognition.frames', async ({ payload }) => {
  process.stdout.write(`${(payload as FrameCaptured).cameraId}\n`);
  return DONE;
});
