import { environmentOfProcess } from '@regulars/runtime';
import { resolve } from 'node:path';
import { printFirstToken, serve, servicesNamed } from './serve.js';
import { replayInto } from './tape/replay.js';

const HELP =
  'npm run service -- NAME [--input TAPE]   (NAME: capture, recognition, expression, analytics, gateway)';

/** `npm run service -- NAME [--input TAPE]`: one service alone. With a tape it runs over the memory broker and
 *  a store of its own, hears the tape's events and prints what it publishes as lines of JSON. */
export async function service(args: string[]): Promise<void> {
  const [name, ...rest] = args;
  if (name === undefined) throw new Error(HELP);
  const services = servicesNamed(name);
  if (rest[0] === '--input' && rest[1] !== undefined) return replayInto(services, resolve(rest[1]));
  if (rest.length > 0) throw new Error(HELP);
  await serve({ environment: environmentOfProcess(), services, onGateway: printFirstToken });
}
