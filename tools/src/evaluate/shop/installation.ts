import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Meter, SILENT } from '@regulars/contracts';
import { MemoryBroker } from '@regulars/messaging';
import { type DocumentStore, openStore } from '@regulars/persistence';
import { type Environment, parseEnvironment, type RunningService } from '@regulars/runtime';
import { type GatewayFacts, startService } from '../../serve.js';
import { ApiClient } from '../../start/client.js';

const DRAIN_MS = 60_000;

/** A whole installation of its own in this process, without cameras: gateway, analytics and recognition over the
 *  memory broker and an empty store, with the real models. */
export class Installation {
  private readonly running: { readonly name: string; readonly service: RunningService }[] = [];
  private facts: GatewayFacts | null = null;

  private constructor(
    private readonly environment: Environment,
    readonly store: DocumentStore,
    readonly broker: MemoryBroker,
    private readonly dataDir: string,
  ) {}

  /** @param reentryMs who is seen again within this time continues the visit
   *  @param meter hears recognition's metrics, and the broker's
   *  @throws RegularsError when models are missing */
  static async open(reentryMs: number, meter: Meter): Promise<Installation> {
    const dataDir = mkdtempSync(join(tmpdir(), 'regulars-shop-'));
    const environment = parseEnvironment({
      ...process.env,
      DATA_DIR: dataDir,
      RABBITMQ_URL: '',
      MONGODB_URI: '',
      GATEWAY_PORT: '0',
      GATEWAY_REQUESTS_PER_MINUTE: '100000',
      FRAME_MAX_AGE_MS: '0',
      VISIT_REENTRY_MS: String(Math.round(reentryMs)),
    });
    const store = openStore({ dataDir, telemetry: SILENT });
    await store.open();
    // On a machine with too much to do a frame may be too old before its lane is free: that must be heard as well.
    const telemetry = { log: SILENT.log, meter };
    const broker = new MemoryBroker(telemetry, { services: ['gateway', 'recognition', 'analytics'] });
    const installation = new Installation(environment, store, broker, dataDir);
    try {
      installation.facts = (await installation.start('gateway', SILENT.meter)) as RunningService &
        GatewayFacts;
      await installation.start('analytics', SILENT.meter);
      await installation.start('recognition', meter);
      return installation;
    } catch (error) {
      await installation.close();
      throw error;
    }
  }

  /** The API with the owner's rights. */
  api(): ApiClient {
    return new ApiClient(this.facts?.address ?? '', this.facts?.firstToken ?? '');
  }

  /** Where the API is, and the owner's token. */
  access(): { readonly address: string; readonly token: string } {
    return { address: this.facts?.address ?? '', token: this.facts?.firstToken ?? '' };
  }

  /** Recognition ends what is open and publishes it; once this resolves, analytics has heard all of it. */
  async stopRecognition(): Promise<void> {
    const at = this.running.findIndex(({ name }) => name === 'recognition');
    const [recognition] = this.running.splice(at, at < 0 ? 0 : 1);
    await recognition?.service.stop();
  }

  async close(): Promise<void> {
    for (const { service } of this.running.splice(0).reverse()) await service.stop();
    await this.broker.close(DRAIN_MS);
    await this.store.close();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private async start(name: 'gateway' | 'analytics' | 'recognition', meter: Meter): Promise<RunningService> {
    const { environment, store, broker } = this;
    const telemetry = { log: SILENT.log, meter };
    const service = await startService(name, { environment, store, broker, telemetry });
    this.running.push({ name, service });
    return service;
  }
}
