import { createHmac } from 'node:crypto';

/** One thing that a till or a provider sends. */
export interface Sending {
  readonly path: string;
  readonly json: object;
  readonly headers: Readonly<Record<string, string>>;
  /** What it is signed by. */
  readonly secret?: string;
  readonly isForged: boolean;
}

const SECRET = 'whsec_of-the-day';
/** What the gateway is told of it. */
export const DAY_VARIABLES = { STRIPE_WEBHOOK_SECRETS: SECRET } as const;

const CUSTOMERS = 200;
/** Every tenth sale comes by webhook; every twentieth is given back, a fifth of these as a void. */
const BY_WEBHOOK = 10;
const REFUNDED = 20;
const VOIDED = 100;
const TWICE = 0.2;
const FORGED = 0.05;

/** Numbers in 0..1 that are the same for the same seed (Park and Miller). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

const soldAt = (number: number) => new Date(Date.UTC(2026, 0, 1) + number * 300_000).toISOString();

function sale(number: number) {
  const customer = number % 5 === 1 ? {} : { customerExternalId: `card-${(number * 7) % CUSTOMERS}` };
  const amountMinor = 100 + ((number * 37) % 5_000);
  return { saleId: `S${number}`, occurredAt: soldAt(number), amountMinor, currency: 'EUR', ...customer };
}

function refund(number: number) {
  const { saleId, amountMinor, currency } = sale(number);
  const isVoid = number % VOIDED === 0;
  const part = isVoid ? amountMinor : 1 + Math.floor(amountMinor / 3);
  return {
    refundId: `R${number}`,
    saleId,
    occurredAt: soldAt(number + 500),
    amountMinor: part,
    currency,
    isVoid,
  };
}

/** A charge of Stripe, to be signed with a secret. */
function charge(number: number, secret: string): Sending {
  const { amountMinor: amount, occurredAt } = sale(number);
  const customer = `c${number % 50}`;
  const created = Date.parse(occurredAt) / 1_000;
  const object = { id: `ch_${number}`, amount, captured: true, currency: 'eur', created, customer };
  const json = { id: `evt_${number}`, type: 'charge.succeeded', data: { object } };
  return { path: '/v1/webhooks/stripe', json, headers: {}, secret, isForged: secret !== SECRET };
}

/** Headers of a sending that leaves now: a provider signs anew each time that it tries.
 *  @param nowMs milliseconds since 1970 */
export function headersAt({ headers, json, secret }: Sending, nowMs: number): Sending['headers'] {
  if (secret === undefined) return headers;
  const time = Math.floor(nowMs / 1_000);
  const signature = createHmac('sha256', secret)
    .update(`${time}.${JSON.stringify(json)}`)
    .digest('hex');
  return { ...headers, 'stripe-signature': `t=${time},v1=${signature}` };
}

const isCharge = (number: number) => number % BY_WEBHOOK === BY_WEBHOOK - 1;
const isRefunded = (number: number) => number % REFUNDED === 0;
const posted = (path: string, key: string, json: object): Sending => {
  return { path, json, headers: { 'idempotency-key': key }, isForged: false };
};

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, number) => number);
}

/** The day in order: the tills' sales, their refunds, the provider's charges.
 *  @param atOnce of a batch */
export function orderedDay(sales: number, atOnce = 500): Sending[] {
  const sold = numbers(sales)
    .filter((number) => !isCharge(number))
    .map(sale);
  const back = numbers(sales).filter(isRefunded).map(refund);
  const batches: Sending[] = [];
  for (let i = 0; i < sold.length; i += atOnce)
    batches.push(posted('/v1/sales', `sales ${i}`, { sales: sold.slice(i, i + atOnce) }));
  for (let i = 0; i < back.length; i += atOnce)
    batches.push(posted('/v1/refunds', `refunds ${i}`, { refunds: back.slice(i, i + atOnce) }));
  return [
    ...batches,
    ...numbers(sales)
      .filter(isCharge)
      .map((number) => charge(number, SECRET)),
  ];
}

/** The same day shuffled: each refund before its sale, a fifth of all sent twice (half of these with another key), a
 *  twentieth as many forgeries as there are sales. */
export function shuffledDay(sales: number, random: () => number): Sending[] {
  const placed: { readonly sending: Sending; readonly place: number }[] = [];
  const put = (sending: Sending, place: number) => {
    placed.push({ sending, place });
    if (random() >= TWICE) return;
    const key = sending.headers['idempotency-key'];
    const isAnew = key !== undefined && random() < 0.5;
    const headers = isAnew ? { ...sending.headers, 'idempotency-key': `${key} again` } : sending.headers;
    placed.push({ sending: { ...sending, headers }, place: place + (1 - place) * random() });
  };
  for (const number of numbers(sales)) {
    const place = random();
    if (isCharge(number)) put(charge(number, SECRET), place);
    else put(posted('/v1/sales', `sale ${number}`, sale(number)), place);
    if (isRefunded(number)) put(posted('/v1/refunds', `refund ${number}`, refund(number)), place * random());
  }
  for (const number of numbers(Math.ceil(sales * FORGED)))
    placed.push({ sending: charge(sales + number, 'whsec_a-guess'), place: random() });
  return placed.sort((one, other) => one.place - other.place).map(({ sending }) => sending);
}
