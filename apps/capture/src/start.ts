import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { Module } from '@nestjs/common';
import { isRegularsError, messageOf, type NewCamera } from '@regulars/contracts';
import { type Broker, OutboxPublisher, startHandlers } from '@regulars/messaging';
import { CamerasRepository, type DocumentStore, openKeyring, OutboxRepository } from '@regulars/persistence';
import type { Environment, RunningService, ServiceParts } from '@regulars/runtime';
import { CamerasController } from './cameras.controller.js';
import { systemClock } from './clock.js';
import { startDecoder } from './decoder.js';
import { ffmpegInvocation } from './ffmpeg-arguments.js';
import { FfmpegFinder } from './ffmpeg.js';
import { enterConfigured, Fleet } from './fleet.js';
import { resolveSource } from './sources.js';
import { CameraSupervisor, type Command, type SupervisorParts } from './supervisor.js';

@Module({})
class CaptureModule {}

const DRAIN_MS = 3_000;

/** Starts the service that films: it opens the cameras of the store (and of CAMERAS) for which it gets the
 *  lease, and publishes their frames and states. Without ffmpeg it runs, and is not ready.
 *  @throws RegularsError CONFIGURATION_INVALID for a wrong master key; TransientError STORE_UNAVAILABLE */
export async function startCapture(parts: ServiceParts<Broker, DocumentStore>): Promise<RunningService> {
  const { environment, telemetry, broker, store } = parts;
  const keyring = await openKeyring(store, environment);
  const cameras = new CamerasRepository(store, keyring);
  await enterConfigured(cameras, environment.cameras ?? [], new Date().toISOString());
  const finder = new FfmpegFinder({ ffmpegBin: environment.ffmpegBin });
  await logFfmpeg(finder, telemetry);
  const publisher = new OutboxPublisher(broker, new OutboxRepository(store, 'capture'), 'capture', telemetry);
  const supervisorParts: SupervisorParts = {
    commandOf: (camera) => commandOf(camera, finder, environment),
    startDecoder: (options) => startDecoder(options, systemClock),
    publisher,
    keepStatus: (status) => cameras.recordStatus(status),
    telemetry,
    clock: systemClock,
    random: Math.random,
  };
  const fleet = new Fleet(cameras, {
    owner: `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`,
    leaseMs: environment.captureLeaseMs,
    maxCameras: environment.captureMaxCameras,
    supervise: (camera) => new CameraSupervisor(camera, supervisorParts),
    telemetry,
    clock: systemClock,
  });
  const handlers = await startHandlers({
    module: {
      module: CaptureModule,
      controllers: [CamerasController],
      providers: [{ provide: Fleet, useValue: fleet }],
    },
    service: 'capture',
    broker,
    telemetry,
  });
  await fleet.start();
  return {
    faults: async () => {
      const fault = await store.fault();
      return {
        ...handlers.faults(),
        ...(fault === null ? {} : { store: fault }),
        ...(finder.fault === null ? {} : { ffmpeg: finder.fault }),
      };
    },
    stop: async () => {
      await fleet.stop();
      await handlers.stop(DRAIN_MS);
      await publisher.close(DRAIN_MS);
    },
  };
}

async function logFfmpeg(finder: FfmpegFinder, { log }: ServiceParts<Broker, DocumentStore>['telemetry']) {
  try {
    const { path, version, foundIn } = await finder.find();
    log.info({ path, version, foundIn }, 'ffmpeg found');
  } catch (error) {
    const facts = isRegularsError(error) ? { lookedIn: error.fields, remedy: error.remedy } : {};
    log.error({ ...facts, reason: messageOf(error) }, 'no ffmpeg found; no camera can be opened');
  }
}

async function commandOf(
  camera: NewCamera,
  finder: FfmpegFinder,
  { captureFilesDir, captureAllowLavfi }: Environment,
): Promise<Command> {
  const rules = { filesDir: captureFilesDir, allowLavfi: captureAllowLavfi };
  const source = await resolveSource(camera.source, rules);
  const { path, features } = await finder.find();
  return {
    ffmpegPath: path,
    ...ffmpegInvocation(source, camera, process.platform, features),
    isNetwork: source.kind === 'rtsp',
  };
}
