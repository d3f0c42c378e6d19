import { SERVICES, type ServiceName, type Telemetry } from '@regulars/contracts';
import type { FilmPicture } from '@regulars/capture';
import { AmqpBroker, type Broker, MemoryBroker, recordEvents } from '@regulars/messaging';
import { type DocumentStore, openStore } from '@regulars/persistence';
import {
  createTelemetry,
  type Environment,
  environmentOfProcess,
  explainEarlyFailure,
  type RunningProcess,
  type RunningService,
  runServices,
  type ServiceParts,
  type Startable,
} from '@regulars/runtime';
import { pathToFileURL } from 'node:url';

type Start = (parts: ServiceParts<Broker, DocumentStore>) => Promise<RunningService>;

/** The services, each loaded only where it runs: a gateway's process does not load the models. */
const STARTS: Readonly<Record<ServiceName, () => Promise<Start>>> = {
  capture: async () => (await import('@regulars/capture')).startCapture,
  recognition: async () => (await import('@regulars/recognition')).startRecognition,
  expression: async () => (await import('@regulars/expression')).startExpression,
  analytics: async () => (await import('@regulars/analytics')).startAnalytics,
  gateway: async () => (await import('@regulars/gateway')).startGateway,
};

/** Starts one service over parts that are open already. */
export async function startService(
  name: ServiceName,
  parts: ServiceParts<Broker, DocumentStore>,
): Promise<RunningService> {
  const start = await STARTS[name]();
  return start(parts);
}

/** Consumers first, so that nothing is published before somebody listens. */
const START_ORDER: readonly ServiceName[] = ['gateway', 'analytics', 'expression', 'recognition', 'capture'];

export interface ServeOptions {
  /** Tapes the events of the memory broker to this file. */
  readonly recordTo?: string;
  readonly environment: Environment;
  readonly services: readonly ServiceName[];
  /** Told once the gateway listens, when it is among the services. */
  readonly onGateway?: (gateway: GatewayFacts) => void;
}

export interface GatewayFacts {
  readonly address: string;
  /** The owner's token, at the very first start only. */
  readonly firstToken: string | null;
}

function openBroker(
  environment: Environment,
  services: readonly ServiceName[],
  telemetry: Telemetry,
): AmqpBroker | MemoryBroker {
  const { rabbitmqUrl, brokerNamespace } = environment;
  if (rabbitmqUrl === undefined) return new MemoryBroker(telemetry, { services });
  return new AmqpBroker(
    { url: rabbitmqUrl, namespace: brokerNamespace, service: services[0] ?? 'gateway' },
    telemetry,
  );
}

const BROKER_CLOSE_MS = 3_000;

/** Runs services in this process over the broker and store that the environment names.
 *  @returns null when the start failed; the reason is logged and the process ends */
export async function serve({
  environment,
  services,
  onGateway,
  recordTo,
}: ServeOptions): Promise<RunningProcess | null> {
  const telemetry = createTelemetry({
    service: services.length === 1 ? (services[0] ?? 'regulars') : 'regulars',
    environment,
  });
  const store = openStore({ mongoUri: environment.mongodbUri, dataDir: environment.dataDir, telemetry });
  const broker = openBroker(environment, services, telemetry);
  const foundations: Startable[] = [
    {
      name: 'store',
      start: async () => {
        await store.open();
        return {
          faults: async () => {
            const fault = await store.fault();
            return fault === null ? {} : { store: fault };
          },
          stop: () => store.close(),
        };
      },
    },
    {
      name: 'broker',
      start: async () => {
        const recording = recordTo === undefined ? null : await recordEvents(broker, recordTo);
        return {
          faults: async () => ({}),
          stop: async () => {
            await broker.close(BROKER_CLOSE_MS);
            await recording?.stop();
          },
        };
      },
    },
  ];
  const startables = START_ORDER.filter((name) => services.includes(name)).map((name) => ({
    name,
    start: async () => {
      const running = await startService(name, {
        environment,
        broker,
        store,
        telemetry: createTelemetry({ service: name, environment }),
      });
      if ('address' in running) onGateway?.(running as RunningService & GatewayFacts);
      return running;
    },
  }));
  return runServices({ environment, log: telemetry.log, services: [...foundations, ...startables] });
}

/** The services that a name stands for.
 *  @throws Error naming the services there are */
export function servicesNamed(name: string): readonly ServiceName[] {
  if (name === 'all') return SERVICES;
  const service = SERVICES.find((known) => known === name);
  if (service === undefined)
    throw new Error(`no service "${name}"; there are ${SERVICES.join(', ')} and all`);
  return [service];
}

/** Prints the owner's token; nothing else does, and no log holds it. */
export function printFirstToken({ address, firstToken }: GatewayFacts): void {
  if (firstToken === null) return;
  process.stdout.write(
    `Owner's token, shown this once: ${firstToken}\nThe page: ${address}/#token=${firstToken}\n`,
  );
}

/** The ffmpeg that the capture service would use, for tools that compose films.
 *  @throws RegularsError FFMPEG_MISSING */
export async function locateFfmpeg(): Promise<string> {
  const { locateFfmpeg: locate } = await import('@regulars/capture');
  return (await locate({ ffmpegBin: environmentOfProcess().ffmpegBin })).path;
}

/** A film's pictures as a camera would send them, as fast as they are taken.
 *  @throws RegularsError CAMERA_UNREADABLE, FFMPEG_MISSING */
export async function* playFilm(options: {
  readonly path: string;
  readonly fps: number;
  readonly maxWidthPx: number;
}): AsyncGenerator<FilmPicture> {
  const { filmPictures } = await import('@regulars/capture');
  yield* filmPictures({ ...options, ffmpegPath: await locateFfmpeg() });
}

/** An empty gallery as the recognition service holds one. */
export async function openGallery() {
  const { Gallery } = await import('@regulars/recognition');
  return new Gallery();
}

/** How the expression service reads a face's probabilities, by a model's calibration. */
export async function openExpressionJudge() {
  const { judgeExpression, UNCALIBRATED_RULE } = await import('@regulars/expression');
  return (
    scores: Parameters<typeof judgeExpression>[0],
    quality: Parameters<typeof judgeExpression>[1],
    rule: Parameters<typeof judgeExpression>[2] = UNCALIBRATED_RULE,
  ) => judgeExpression(scores, quality, rule);
}

/** The tracker of the recognition service, by position alone. */
export async function openTracker() {
  const { advanceTracks, predictBox } = await import('@regulars/recognition');
  let tracks: Parameters<typeof advanceTracks>[0] = [];
  return {
    expectedAt: (atMs: number) => tracks.map((track) => predictBox(track, atMs)),
    advance: (faces: Parameters<typeof advanceTracks>[1], atMs: number) => {
      ({ tracks } = advanceTracks(tracks, faces, atMs));
    },
  };
}

async function main(): Promise<void> {
  try {
    const services = servicesNamed(process.argv[2] ?? process.env['SERVICE'] ?? 'all');
    await serve({ environment: environmentOfProcess(), services, onGateway: printFirstToken });
  } catch (error) {
    process.exitCode = explainEarlyFailure(error);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
