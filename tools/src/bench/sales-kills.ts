import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { TransientError } from '@regulars/contracts';
import type { DocumentStore } from '@regulars/persistence';
import { headersAt, orderedDay, randomFrom, type Sending, shuffledDay } from './sales-kills/day.js';
import { differences, type Picture, pictureOf } from './sales-kills/picture.js';
import { Shop, type StoreName, up } from './sales-kills/shop.js';

const LOCAL_BROKER = 'amqp://guest:guest@127.0.0.1:5672';
const TILLS = 16;
const RETRY_MS = 50;
/** Analytics may count nothing new for so long, after the last answer. */
const STUCK_MS = 120_000;
const MOST_SHOWN = 10;
const SETTLE_POLL_MS = 2_000;

export interface KillsOptions {
  readonly sales: number;
  /** Of each of the two services. */
  readonly kills: number;
  readonly store: StoreName;
  readonly brokerUrl?: string;
  readonly say?: (line: string) => void;
}

export interface KillsReport {
  readonly store: StoreName;
  readonly sales: number;
  readonly refunds: number;
  readonly sent: number;
  readonly forged: number;
  readonly forgedAccepted: number;
  readonly kills: { readonly gateway: number; readonly analytics: number };
  /** Requests that a kill cut off, which the till sent again. */
  readonly cutOff: number;
  /** Lines that only one of the two runs has. */
  readonly differing: { readonly sales: number; readonly ledger: number; readonly months: number };
  readonly seconds: number;
}

const isFinal = ({ status, text }: { status: number; text: string }) =>
  status < 500 && status !== 429 && !(status === 409 && text.includes('IDEMPOTENCY_KEY_IN_USE'));

/** Sends a day through many tills; each sends until there is an answer that will not change.
 *  @param answered called after each answer, waited for by the till that got it */
async function deliver(
  shop: Shop,
  sendings: readonly Sending[],
  tills: number,
  answered: (count: number) => Promise<void> = () => Promise.resolve(),
) {
  const told = { cutOff: 0, forgedAccepted: 0, count: 0 };
  let next = 0;
  const till = async () => {
    for (let sending = sendings[next++]; sending !== undefined; sending = sendings[next++]) {
      const { path, json, isForged } = sending;
      const send = () => shop.send(path, json, headersAt(sending, Date.now()));
      let answer = await send();
      while (answer === null || !isFinal(answer)) {
        if (answer === null) told.cutOff += 1;
        await sleep(RETRY_MS);
        answer = await send();
      }
      if (isForged && answer.status < 300) told.forgedAccepted += 1;
      if (!isForged && answer.status >= 300)
        throw new Error(`${path} was answered ${answer.status}: ${answer.text}`);
      told.count += 1;
      await answered(told.count);
    }
  };
  await Promise.all(Array.from({ length: tills }, till));
  return told;
}

/** Looks again while the services keep the SQLite file to themselves. */
async function seen(store: DocumentStore): Promise<Picture> {
  for (;;) {
    try {
      return await pictureOf(store);
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      await sleep(SETTLE_POLL_MS);
    }
  }
}

/** Waits until everything is counted. */
async function settled(shop: Shop, entries: number, say: (line: string) => void): Promise<Picture> {
  const store = await shop.store();
  try {
    let [counted, countedAtMs] = [-1, 0];
    for (;;) {
      const picture = await seen(store);
      if (picture.isSettled && picture.ledger.length >= entries) return picture;
      if (picture.ledger.length > counted) [counted, countedAtMs] = [picture.ledger.length, Date.now()];
      if (Date.now() - countedAtMs > STUCK_MS) return picture;
      say(`${picture.sales.length} stored, ${picture.ledger.length} counted`);
      await sleep(SETTLE_POLL_MS);
    }
  } finally {
    await store.close();
  }
}

/** Sends a day shuffled, repeated and mixed with forgeries, while gateway and analytics are killed with -9 in turn,
 *  and the same day in order and undisturbed to another installation.
 *  @returns what the two differ in */
export async function proveSales({ sales, kills, store, ...rest }: KillsOptions): Promise<KillsReport> {
  const { brokerUrl = LOCAL_BROKER, say = () => undefined } = rest;
  const startMs = Date.now();
  const sendings = shuffledDay(sales, randomFrom(20_260_301));
  const refunds = Math.ceil(sales / 20);
  const done = { gateway: 0, analytics: 0 };
  const shop = await Shop.start(store, brokerUrl);
  let told: Awaited<ReturnType<typeof deliver>>;
  let disturbed: Picture;
  try {
    const every = Math.floor(sendings.length / (2 * kills + 1));
    told = await deliver(shop, sendings, TILLS, async (count) => {
      const place = count / every;
      if (!Number.isInteger(place) || place > 2 * kills) return;
      const name = place % 2 === 1 ? 'gateway' : 'analytics';
      await shop[name].end('SIGKILL');
      done[name] += 1;
      await up(shop[name]);
      say(`${name} killed and started again after ${count} of ${sendings.length}`);
    });
    say(`all is answered; waiting until it is counted`);
    disturbed = await settled(shop, sales + refunds, say);
  } finally {
    await shop.end();
  }
  const calm = await Shop.start(store, brokerUrl);
  try {
    await deliver(calm, orderedDay(sales), 1);
    const ordered = await settled(calm, sales + refunds, say);
    for (const line of differences(disturbed.ledger, ordered.ledger).slice(0, MOST_SHOWN))
      say(`differs: ${line}`);
    if (ordered.sales.length !== sales + refunds)
      throw new Error(`the ordered run has ${ordered.sales.length}`);
    return {
      store,
      sales,
      refunds,
      sent: sendings.length,
      forged: sendings.filter(({ isForged }) => isForged).length,
      forgedAccepted: told.forgedAccepted,
      kills: done,
      cutOff: told.cutOff,
      differing: {
        sales: differences(disturbed.sales, ordered.sales).length,
        ledger: differences(disturbed.ledger, ordered.ledger).length,
        months: differences(disturbed.months, ordered.months).length,
      },
      seconds: Math.round((Date.now() - startMs) / 1_000),
    };
  } finally {
    await calm.end();
  }
}

/** Whether the two runs left the same and nothing forged was taken. */
export function isProven({ forgedAccepted, differing: by }: KillsReport): boolean {
  return forgedAccepted + by.sales + by.ledger + by.months === 0;
}

/** `npm run bench -- sales-kills [--sales 10000] [--kills 4] [--store sqlite|mongo]`: needs RabbitMQ (RABBITMQ_URL, or
 *  the local one); exit code 1 on a difference or an accepted forgery. */
export async function salesKills(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      sales: { type: 'string', default: '10000' },
      kills: { type: 'string', default: '4' },
      store: { type: 'string', default: 'sqlite' },
    },
  });
  const report = await proveSales({
    sales: Number(values.sales),
    kills: Number(values.kills),
    store: values.store === 'mongo' ? 'mongo' : 'sqlite',
    say: console.log,
    ...(process.env['RABBITMQ_URL'] === undefined ? {} : { brokerUrl: process.env['RABBITMQ_URL'] }),
  });
  if (!isProven(report)) process.exitCode = 1;
  console.log(JSON.stringify(report));
}
