import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type LiveEvent, SERVICES, type ServiceName } from '@regulars/contracts';
import { TcpProxy } from '@regulars/messaging/testing';
import { demoCameras, demoFolder } from '../start/cameras.js';
import type { ApiClient } from '../start/client.js';
import { enrolFromCameras } from '../start/recognition.js';
import { openServers } from '../system/servers.js';
import { System } from '../system/system.js';
import { killAndRestartBroker } from './broker-restart.js';
import { type Person, SightingFlow } from './sighting-flow.js';

/** Longest that anything may take to work again, and that the last visits may take to appear. */
const RECOVERY_TIMEOUT_MS = 90_000;
const SETTLE_TIMEOUT_MS = 120_000;
const BETWEEN_MS = 2_000;

export interface OutageReport {
  /** From the kill (or the end of the outage) to the service's next work being heard, milliseconds. */
  readonly recoveryMs: Readonly<Record<string, number>>;
  readonly people: number;
  readonly lost: number;
  readonly doubled: number;
  /** Visits whose first or last sighting is not the one that was sent. */
  readonly wrong: number;
  /** Visits of the man before the cameras, who never left. */
  readonly regularVisits: number;
}

interface OutageOptions {
  readonly outageSeconds: number;
  /** Kills RabbitMQ itself as well; only for a broker that serves nobody else. */
  readonly restartBroker: boolean;
  readonly say: (line: string) => void;
}

/** Hears live events and pictures of an installation, over every restart of its gateway. */
class Listener {
  private readonly marks = new Map<string, number>();

  private readonly socket: ReturnType<ApiClient['live']>;

  constructor(api: ApiClient, cameraIds: readonly string[]) {
    this.socket = api.live(
      {
        onEvent: (event) => this.hear(event),
        onPicture: ({ faces }) => {
          this.mark('picture');
          if (faces.length > 0) this.mark('boxes');
        },
      },
      cameraIds,
    );
  }

  close(): void {
    this.socket.disconnect();
  }

  private hear({ payload }: LiveEvent): void {
    this.mark('event');
    this.mark(payload.kind);
  }

  private mark(name: string): void {
    this.marks.set(name, Date.now());
  }

  /** Waits for something that is heard after a moment.
   *  @returns milliseconds from `since` on
   *  @throws Error when it is not heard in time */
  async next(name: string, since: number): Promise<number> {
    const deadline = Date.now() + RECOVERY_TIMEOUT_MS;
    while (Date.now() < deadline) {
      const at = this.marks.get(name) ?? 0;
      if (at > since) return at - since;
      await sleep(20);
    }
    throw new Error(`"${name}" was not heard within ${RECOVERY_TIMEOUT_MS / 1000} s`);
  }
}

/** What is heard of a service while it works. */
const SIGN_OF_LIFE: Readonly<Record<ServiceName, string>> = {
  capture: 'picture',
  recognition: 'boxes',
  expression: 'expression',
  analytics: 'visit-started',
  gateway: 'event',
};

async function visitsOf(api: ApiClient, person: Person): Promise<{ count: number; right: boolean }> {
  const visits = await api.visitsOf(person.customerId);
  const [visit] = visits;
  return {
    count: visits.length,
    right: visit?.startedAt === person.startedAt && visit.lastSeenAt === person.endedAt,
  };
}

/** Waits until everybody has a visit as it should be, then a little longer for one too many. */
async function countVisits(
  api: ApiClient,
  people: readonly Person[],
): Promise<Pick<OutageReport, 'lost' | 'doubled' | 'wrong'>> {
  const deadline = Date.now() + SETTLE_TIMEOUT_MS;
  let open = [...people];
  while (open.length > 0 && Date.now() < deadline) {
    const states = await Promise.all(
      open.slice(0, 50).map(async (person) => ({ person, ...(await visitsOf(api, person)) })),
    );
    const done = new Set(states.filter(({ right }) => right).map(({ person }) => person));
    open = open.filter((person) => !done.has(person));
    if (done.size === 0) await sleep(200);
  }
  const report = { lost: 0, doubled: 0, wrong: 0 };
  for (const person of people) {
    const { count, right } = await visitsOf(api, person);
    if (count === 0) report.lost++;
    else if (count > 1) report.doubled++;
    else if (!right) report.wrong++;
  }
  return report;
}

/** Kills each service with -9 and starts it again, cuts the way to the broker, kills the broker: all while a man
 *  stands before two cameras and a new customer comes twice a second.
 *  @returns how long each took to work again, and what became of the visits */
export async function proveOutages({
  outageSeconds,
  restartBroker,
  say,
}: OutageOptions): Promise<OutageReport> {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-outages-'));
  const servers = await openServers();
  const proxy = await TcpProxy.open(servers.brokerUrl);
  const variables = {
    ...servers.variables,
    RABBITMQ_URL: proxy.url,
    CAPTURE_FILES_DIR: demoFolder(),
    GATEWAY_REQUESTS_PER_MINUTE: '1000000',
  };
  const system = await System.start({
    mode: 'distributed',
    dataDir: join(folder, 'data'),
    environment: variables,
  });
  const flow = new SightingFlow(proxy.url, servers.variables['BROKER_NAMESPACE'] ?? '');
  let listener: Listener | null = null;
  try {
    const api = system.api();
    const cameraIds = demoCameras().map(({ cameraId }) => cameraId);
    for (const camera of demoCameras()) await api.addCamera(camera);
    const { customerId } = await enrolFromCameras(
      api,
      'Regular',
      cameraIds,
      AbortSignal.timeout(RECOVERY_TIMEOUT_MS),
    );
    listener = new Listener(api, cameraIds);
    flow.start();
    await listener.next('visit-started', Date.now());
    const recoveryMs: Record<string, number> = {};
    const note = (name: string, ms: number) => {
      recoveryMs[name] = Math.round(ms);
      say(`${name}: works again after ${(ms / 1000).toFixed(1)} s`);
    };
    for (const service of SERVICES) {
      const killedAt = Date.now();
      await system.process(service).end('SIGKILL');
      await system.process(service).start();
      // A sign between the kill and the new process being up may be an older message on its way.
      const upAt = Date.now();
      note(service, upAt - killedAt + (await listener.next(SIGN_OF_LIFE[service], upAt)));
      await sleep(BETWEEN_MS);
    }
    proxy.cut();
    await sleep(outageSeconds * 1000);
    let backAt = Date.now();
    proxy.restore();
    note(`broker away for ${outageSeconds} s`, await listener.next('visit-started', backAt));
    if (restartBroker) {
      await sleep(BETWEEN_MS);
      await killAndRestartBroker();
      backAt = Date.now();
      note('broker killed', await listener.next('visit-started', backAt));
    }
    await sleep(BETWEEN_MS);
    await flow.stop();
    const counted = await countVisits(api, flow.people);
    return {
      recoveryMs,
      people: flow.people.length,
      ...counted,
      regularVisits: (await api.visitsOf(customerId)).length,
    };
  } finally {
    listener?.close();
    await system.end();
    await proxy.close();
    await servers.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `npm run bench -- outages [--seconds N] [--restart-broker]`: exit code 1 when a visit was lost or doubled. */
export async function outages(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string', default: '30' },
      'restart-broker': { type: 'boolean', default: false },
    },
  });
  const report = await proveOutages({
    outageSeconds: Number(values.seconds),
    restartBroker: values['restart-broker'],
    say: console.log,
  });
  if (report.lost + report.doubled + report.wrong > 0 || report.regularVisits !== 1) process.exitCode = 1;
  console.log(JSON.stringify(report));
}
