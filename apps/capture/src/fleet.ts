import { messageOf, type NewCamera, type Telemetry } from '@regulars/contracts';
import type { CameraConfiguration, CamerasRepository } from '@regulars/persistence';
import { isSameCamera, planFleet } from './cameras.js';
import type { Clock } from './clock.js';
import type { CameraSupervisor } from './supervisor.js';

export interface FleetOptions {
  /** Names this replica among all. */
  readonly owner: string;
  readonly leaseMs: number;
  /** Cameras that this replica opens at most. */
  readonly maxCameras: number;
  readonly supervise: (camera: NewCamera) => CameraSupervisor;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
}

/** So many times a lease is renewed before it would end; also how often others look whether it has ended. */
const RENEWALS_PER_LEASE = 4;

interface Running {
  readonly supervisor: CameraSupervisor;
  readonly configuration: CameraConfiguration;
}

/** The cameras that this replica films: those of the store for which it holds the lease. While the store is
 *  away it films on with what it has. */
export class Fleet {
  private readonly running = new Map<string, Running>();
  private readonly stopping = new AbortController();
  private ticking: Promise<void> = Promise.resolve();
  private refreshing: Promise<void> | null = null;
  private again = false;
  private fault: string | null = null;

  constructor(
    private readonly cameras: CamerasRepository,
    private readonly options: FleetOptions,
  ) {}

  /** Reads the cameras and opens those it gets; then again and again. */
  async start(): Promise<void> {
    await this.refresh();
    this.ticking = this.tick();
  }

  /** Brings what runs in step with the store. Calls during a run lead to one more run. Never throws. */
  refresh(): Promise<void> {
    if (this.refreshing) this.again = true;
    this.refreshing ??= this.refreshAll().finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  /** Ids of the cameras it films now. */
  get cameraIds(): string[] {
    return [...this.running.keys()].sort();
  }

  /** Stops all cameras, says so, and gives their leases back. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.ticking;
    await this.refreshing;
    await Promise.all(
      [...this.running].map(async ([cameraId, { supervisor }]) => {
        await supervisor.stop('shutdown');
        await this.release(cameraId);
      }),
    );
    this.running.clear();
  }

  private async tick(): Promise<void> {
    const { clock, leaseMs } = this.options;
    while (!this.stopping.signal.aborted) {
      await clock.wait(leaseMs / RENEWALS_PER_LEASE, this.stopping.signal);
      if (!this.stopping.signal.aborted) await this.refresh();
    }
  }

  private async refreshAll(): Promise<void> {
    do {
      this.again = false;
      try {
        await this.refreshOnce();
        this.note(null);
      } catch (error) {
        this.note(messageOf(error));
      }
    } while (this.again && !this.stopping.signal.aborted);
  }

  private async refreshOnce(): Promise<void> {
    const wanted = await this.cameras.configurations();
    const plan = planFleet(
      wanted,
      [...this.running.values()].map(({ configuration }) => configuration),
    );
    await Promise.all(plan.removed.map((cameraId) => this.close(cameraId, 'removed')));
    await Promise.all(plan.changed.map(({ cameraId }) => this.close(cameraId, null)));
    await Promise.all(plan.kept.map((camera) => this.renew(camera)));
    for (const camera of [...plan.changed, ...plan.added]) await this.open(camera);
  }

  private async renew({ cameraId }: CameraConfiguration): Promise<void> {
    if (await this.lease(cameraId)) return;
    this.options.telemetry.log.warn({ cameraId }, 'camera is filmed by another replica now');
    await this.close(cameraId, null);
  }

  private async open(configuration: CameraConfiguration): Promise<void> {
    const { cameraId } = configuration;
    if (this.stopping.signal.aborted || this.running.size >= this.options.maxCameras) return;
    if (!(await this.lease(cameraId))) return;
    const supervisor = this.options.supervise(configuration);
    this.running.set(cameraId, { supervisor, configuration });
    supervisor.start();
  }

  private async close(cameraId: string, fault: 'removed' | null): Promise<void> {
    const running = this.running.get(cameraId);
    this.running.delete(cameraId);
    await running?.supervisor.stop(fault);
  }

  private lease(cameraId: string): Promise<boolean> {
    const nowMs = this.options.clock.now();
    const untilMs = nowMs + this.options.leaseMs;
    return this.cameras.lease(cameraId, this.options.owner, { nowMs, untilMs });
  }

  private async release(cameraId: string): Promise<void> {
    try {
      await this.cameras.release(cameraId, this.options.owner);
    } catch (error) {
      this.options.telemetry.log.warn({ cameraId, reason: messageOf(error) }, 'lease not given back');
    }
  }

  private note(fault: string | null): void {
    if (fault === this.fault) return;
    this.fault = fault;
    const { log } = this.options.telemetry;
    if (fault === null) log.info({ cameras: this.cameraIds }, 'cameras can be read again');
    else log.error({ reason: fault }, 'cameras cannot be read; those that run go on');
  }
}

/** Writes the cameras of the configuration into the store: new ones are added, others made as configured.
 *  Cameras that the store has beside them stay. */
export async function enterConfigured(
  cameras: CamerasRepository,
  configured: readonly NewCamera[],
  at: string,
): Promise<void> {
  const known = new Map((await cameras.configurations()).map((camera) => [camera.cameraId, camera]));
  for (const camera of configured) {
    const before = known.get(camera.cameraId);
    if (before === undefined) await cameras.add(camera, at);
    else if (!isSameCamera(before, camera)) {
      const { cameraId, ...rest } = camera;
      await cameras.change(cameraId, rest);
    }
  }
}
