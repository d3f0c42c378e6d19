import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { randomOf } from '@regulars/contracts/random';
import { CustomersRepository, type DocumentStore, SalesRepository, SqliteStore } from '@regulars/persistence';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../testing/gateway-process.js';
import { startRig } from '../testing/rig.js';
import { DAY_SECRET, orderedDay, type Sending, shuffledDay } from '../testing/till-day.js';
import { idOfEvent } from './sale-events.js';

const SALES = 2_000;
const TILLS = 16;
const KILLS = 5;
const RETRY_MS = 50;

/** Every entry of the ledger with its customer's number instead of our id, which is another one in every run. */
async function ledgerOf(store: DocumentStore): Promise<Record<string, unknown>[]> {
  const customers = new CustomersRepository(store);
  const ledger: Record<string, unknown>[] = [];
  for await (const { receivedAt: _, customerId, ...sale } of new SalesRepository(store).ofStore('main')) {
    const customer = customerId === null ? null : await customers.get(customerId);
    ledger.push({ ...sale, customer: customer?.externalId ?? null });
  }
  return ledger.sort((a, b) => String(a['id']).localeCompare(String(b['id'])));
}

describe('a day of sales', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'regulars-kill-'));
  const told = new Set<string>();
  let gateway: GatewayProcess;
  let token = '';
  let port = '0';
  beforeAll(() => {
    const cwd = fileURLToPath(new URL('../../../../', import.meta.url));
    execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'apps/gateway'], { cwd });
  }, 120_000);
  afterAll(async () => {
    await gateway.kill();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const start = async () => {
    gateway = await startGatewayProcess({
      DATA_DIR: dataDir,
      GATEWAY_PORT: port,
      STRIPE_WEBHOOK_SECRETS: DAY_SECRET,
    });
    ({ port } = new URL(gateway.address));
    token ||= gateway.firstToken;
  };
  const noteTold = () => {
    for (const [key, eventId] of gateway.told) if (key.startsWith('sale.')) told.add(idOfEvent(eventId));
  };

  /** Sends until there is an answer that will not change: what a till does. */
  const deliver = async ({ path, body, headers, isForged }: Sending): Promise<number> => {
    for (;;) {
      try {
        const response = await fetch(`http://127.0.0.1:${port}${path}`, {
          method: 'POST',
          body,
          headers: { authorization: `Bearer ${token}`, ...headers },
        });
        const answer = await response.text();
        const isBusy = response.status === 409 && answer.includes('IDEMPOTENCY_KEY_IN_USE');
        if (isForged || (!isBusy && response.status < 500 && response.status !== 429)) return response.status;
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // the gateway is dead, and will be back
      }
      await setTimeout(RETRY_MS);
    }
  };

  it('comes out as if it had been sent once and in order, however it was sent and whenever the gateway died', async () => {
    await start();
    const sendings = shuffledDay(SALES, randomOf(4));
    const statuses = new Map<string, number>();
    let answered = 0;
    let kills = 0;
    let next = 0;
    const killEvery = Math.floor(sendings.length / (KILLS + 1));
    const till = async () => {
      for (let sending = sendings[next++]; sending !== undefined; sending = sendings[next++]) {
        const status = await deliver(sending);
        const kind = `${sending.isForged ? 'forged' : 'real'} ${status}`;
        statuses.set(kind, (statuses.get(kind) ?? 0) + 1);
        answered += 1;
        if (answered % killEvery !== 0 || kills >= KILLS) continue;
        kills += 1;
        await gateway.kill();
        noteTold();
        await start();
      }
    };
    await Promise.all(Array.from({ length: TILLS }, till));
    expect(kills).toBe(KILLS);
    expect([...statuses.keys()].sort()).toEqual(['forged 401', 'real 200', 'real 201']);

    const store = new SqliteStore(dataDir);
    await store.open();
    const sales = new SalesRepository(store);
    await vi.waitFor(async () => expect(await sales.untoldCount()).toBe(0), {
      timeout: 20_000,
      interval: 100,
    });
    await gateway.kill();
    noteTold();

    const rig = await startRig({ STRIPE_WEBHOOK_SECRETS: DAY_SECRET });
    try {
      for (const { path, body, headers } of orderedDay(SALES)) {
        const response = await rig.request('POST', path, { body, headers });
        expect([path, response.ok]).toEqual([path, true]);
      }
      const ledger = await ledgerOf(store);
      expect(ledger).toHaveLength(SALES + SALES / 20);
      expect(ledger).toEqual(await ledgerOf(rig.store));
      expect([...told].sort()).toEqual(ledger.map(({ id }) => id).sort());
    } finally {
      await store.close();
      await rig.close();
    }
  }, 180_000);
});
