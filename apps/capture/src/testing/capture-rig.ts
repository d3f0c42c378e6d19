import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CameraStatus, type FrameCaptured, NewCamera } from '@regulars/contracts';
import { MemoryBroker } from '@regulars/messaging';
import { CamerasRepository, Keyring, loadOrCreateMasterKey, SqliteStore } from '@regulars/persistence';
import { createMetrics, createTelemetry, parseEnvironment, type RunningService } from '@regulars/runtime';
import { startCapture } from '../start.js';

export interface SeenFrame {
  readonly frame: FrameCaptured;
  readonly body: Uint8Array;
}

/** The capture service over a memory broker and an embedded store, with what it tells. */
export class CaptureRig {
  readonly frames: SeenFrame[] = [];
  readonly statuses: CameraStatus[] = [];
  /** Log lines as they are written. */
  readonly lines: string[] = [];

  private constructor(
    readonly service: RunningService,
    readonly broker: MemoryBroker,
    readonly cameras: CamerasRepository,
    private readonly close: () => Promise<void>,
  ) {}

  /** @param cameras configured ones; what is left out is made up */
  static async start(cameras: Partial<NewCamera>[], env: Record<string, string>): Promise<CaptureRig> {
    const dataDir = mkdtempSync(join(tmpdir(), 'regulars-capture-data-'));
    const environment = parseEnvironment({
      DATA_DIR: dataDir,
      CAMERAS: JSON.stringify(cameras.map(filled)),
      ...env,
    });
    const lines: string[] = [];
    const telemetry = createTelemetry({
      service: 'capture',
      environment: { logLevel: 'debug', logFormat: 'json' },
      metrics: createMetrics(),
      destination: { write: (line) => void lines.push(line) },
    });
    const store = new SqliteStore(dataDir);
    await store.open();
    const broker = new MemoryBroker(telemetry, { services: ['capture', 'gateway'] });
    const heard = await CaptureRig.listen(broker);
    const service = await startCapture({ environment, telemetry, broker, store });
    const repository = new CamerasRepository(store, new Keyring(store, loadOrCreateMasterKey(dataDir)));
    const rig = new CaptureRig(service, broker, repository, async () => {
      await service.stop();
      await broker.close(1_000);
      await store.close();
      rmSync(dataDir, { recursive: true });
    });
    return Object.assign(rig, heard, { lines });
  }

  private static async listen(broker: MemoryBroker) {
    const frames: SeenFrame[] = [];
    const statuses: CameraStatus[] = [];
    await broker.subscribe('gateway.pictures', async ({ payload, body }) => {
      frames.push({ frame: payload as FrameCaptured, body: body ?? new Uint8Array() });
      return { kind: 'done' };
    });
    await broker.subscribe('gateway.events', async ({ key, payload }) => {
      if (key === CameraStatus.key) statuses.push(payload as CameraStatus);
      return { kind: 'done' };
    });
    return { frames, statuses };
  }

  /** States with their faults, in the order they were told. */
  states(): string[] {
    return this.statuses.map(({ state, fault }) => (fault === null ? state : `${state} ${fault}`));
  }

  async add(camera: Partial<NewCamera>): Promise<void> {
    await this.cameras.add(filled(camera), new Date().toISOString());
  }

  async stop(): Promise<void> {
    await this.close();
  }
}

function filled(camera: Partial<NewCamera>): NewCamera {
  return NewCamera.parse({ cameraId: 'door', name: 'Door', source: '0', ...camera });
}
