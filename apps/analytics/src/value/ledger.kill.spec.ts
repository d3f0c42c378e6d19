import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { SaleRecorded, SaleRefunded } from '@regulars/contracts';
import { SqliteStore } from '@regulars/persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerId, withStore } from '../testing.js';
import { randomFrom } from './synthetic-sales.js';
import { aRefund, aSale, NOW, picture, valueBench } from './testing.js';

type Told = { readonly id: string } & (
  | { readonly kind: 'sale'; readonly event: SaleRecorded }
  | { readonly kind: 'refund'; readonly event: SaleRefunded }
);

const compiled = new URL('../../dist/value/start-value.js', import.meta.url);
const SALES = 300;
const PEOPLE = ['ada', 'ben', 'cy', 'dee', 'eve'].map(customerId);
/** Acknowledged events after which a process is killed. */
const KILLS = [15, 40, 90, 25, 60];

/** Counts what it reads, eight at a time, and prints the id of each event once it is done with it. */
const COUNTER = `
import { createInterface } from 'node:readline';
const { makeValue } = await import(${JSON.stringify(compiled.href)});
const { SqliteStore } = await import('@regulars/persistence');
const { SILENT } = await import('@regulars/contracts');
const store = new SqliteStore(process.argv[1]);
await store.open();
const publisher = { publish: async () => {}, publishNewest: () => false };
const parts = { store, publisher, telemetry: SILENT, timeZone: 'UTC', clock: () => ${NOW} };
const { worth } = makeValue(parts);
const lines = [];
for await (const line of createInterface({ input: process.stdin })) lines.push(JSON.parse(line));
await Promise.all(Array.from({ length: 8 }, async () => {
  for (let told = lines.shift(); told; told = lines.shift()) {
    await (told.kind === 'sale' ? worth.onSale(told.event) : worth.onRefund(told.event));
    process.stdout.write(told.id + '\\n');
  }
}));
await store.close();
`;

function dayOfSales(): Told[] {
  const random = randomFrom(11);
  const at = () => new Date(NOW - Math.floor(80 * 86_400_000 * random())).toISOString();
  return Array.from({ length: SALES }, (_, index): Told[] => {
    const name = `s${index}`;
    const customer = random() < 0.9 ? (PEOPLE[Math.floor(random() * PEOPLE.length)] ?? null) : null;
    const sale = { customerId: customer, occurredAt: at(), amountMinor: Math.floor(9_000 * random()) };
    const told: Told[] = [{ id: name, kind: 'sale', event: aSale(name, sale) }];
    if (random() < 0.2) {
      const refund = {
        occurredAt: at(),
        isVoid: random() < 0.3,
        amountMinor: 1 + Math.floor(900 * random()),
      };
      told.push({ id: `${name}r`, kind: 'refund', event: aRefund(name, refund) });
    }
    return told;
  }).flat();
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item);
}

describe('analytics killed while sales flow', () => {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-kill-'));
  beforeAll(() => {
    const root = fileURLToPath(new URL('../../../../', import.meta.url));
    const compiler = 'node_modules/typescript/bin/tsc';
    execFileSync(process.execPath, [compiler, '-b', 'apps/analytics'], { cwd: root });
  }, 180_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** @returns ids that were acknowledged before the process ended */
  async function count(told: readonly Told[], killAfter: number): Promise<Set<string>> {
    const args = ['--input-type=module', '-e', COUNTER, folder];
    const child = spawn(process.execPath, args, {
      cwd: import.meta.dirname,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.end(told.map((one) => JSON.stringify(one)).join('\n'));
    const done = new Set<string>();
    for await (const id of createInterface({ input: child.stdout })) {
      done.add(id);
      if (done.size === killAfter) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    expect(child.signalCode).toBe(killAfter === Infinity ? null : 'SIGKILL');
    return done;
  }

  it('has the ledger, months and values of the ordered run, with shuffled and repeated events', async () => {
    const all = dayOfSales();
    const random = randomFrom(5);
    const repeats = all.filter(() => random() < 0.2);
    let left = shuffled([...all, ...repeats], random);
    for (const kill of [...KILLS, Infinity]) {
      const done = await count(left, kill);
      // The broker brings again what was not acknowledged, and some that was.
      left = shuffled(
        left.filter(({ id }) => !done.has(id) || random() < 0.1),
        random,
      );
    }
    const expected = await withStore(async (store) => {
      const { worth } = valueBench(store);
      for (const told of all) {
        if (told.kind === 'sale') await worth.onSale(told.event);
        else await worth.onRefund(told.event);
      }
      return picture(store, PEOPLE);
    });
    const store = new SqliteStore(folder);
    await store.open();
    const actual = await picture(store, PEOPLE);
    await store.close();
    expect(actual.ledger).toHaveLength(all.length);
    expect(actual).toEqual(expected);
  }, 180_000);
});
