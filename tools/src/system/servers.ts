import { randomBytes } from 'node:crypto';
import { deleteTopology } from '@regulars/messaging';
import { startMongoServer } from '@regulars/persistence/testing';

export interface Servers {
  readonly brokerUrl: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Stops what was started and removes what was made on the broker. */
  close(): Promise<void>;
}

const LOCAL_BROKER = 'amqp://guest:guest@127.0.0.1:5672';

/** Broker and store for a bench in distributed mode: those of RABBITMQ_URL and MONGODB_URI, else the local
 *  RabbitMQ and a MongoDB-protocol server of its own; everything under a name of its own.
 *  @throws Error when there is no MongoDB-protocol server */
export async function openServers(): Promise<Servers> {
  const name = `bench-${randomBytes(4).toString('hex')}`;
  const brokerUrl = process.env['RABBITMQ_URL'] ?? LOCAL_BROKER;
  const given = process.env['MONGODB_URI'];
  const own = given === undefined ? await startMongoServer(process.env) : null;
  const uri = given ?? own?.uriOf(name);
  if (uri === undefined)
    throw new Error('distributed mode needs MONGODB_URI, or the server that CONTRIBUTING.md describes');
  return {
    brokerUrl,
    variables: {
      RABBITMQ_URL: brokerUrl,
      MONGODB_URI: uri,
      REGULARS_MASTER_KEY: randomBytes(32).toString('base64'),
      BROKER_NAMESPACE: name,
    },
    close: async () => {
      await own?.stop();
      await deleteTopology(brokerUrl, name);
    },
  };
}
