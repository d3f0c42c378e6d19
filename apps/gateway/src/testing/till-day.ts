import { createHmac } from 'node:crypto';
import type { NewRefund, NewSale } from '@regulars/contracts';
import type { z } from 'zod';

/** One thing that a till or a provider sends. */
export interface Sending {
  readonly path: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly isForged: boolean;
}

export const DAY_SECRET = 'whsec_secret-of-the-day';

function posted(path: string, key: string, json: unknown, headers = {}): Sending {
  const sent = { 'content-type': 'application/json', 'idempotency-key': key, ...headers };
  return { path, body: JSON.stringify(json), headers: sent, isForged: false };
}

/** A charge of Stripe, signed with a secret. */
function charged(number: number, amount: number, secret: string): Sending {
  const created = Date.UTC(2026, 1, 1) / 1_000 + number * 60;
  const object = {
    id: `ch_${number}`,
    amount,
    captured: true,
    currency: 'eur',
    created,
    customer: `c${number % 50}`,
  };
  const body = JSON.stringify({ id: `evt_${number}`, type: 'charge.succeeded', data: { object } });
  const time = Math.floor(Date.now() / 1_000);
  const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
  const headers = {
    'content-type': 'application/json',
    authorization: '',
    'stripe-signature': `t=${time},v1=${signature}`,
  };
  return { path: '/v1/webhooks/stripe', body, headers, isForged: false };
}

function saleOf(number: number): z.input<typeof NewSale> {
  const occurredAt = new Date(Date.UTC(2026, 1, 1, 0, number)).toISOString();
  const customer = number % 3 === 0 ? {} : { customerExternalId: `card-${number % 70}` };
  const amountMinor = 100 + ((number * 37) % 5_000);
  return {
    saleId: `S${number}`,
    tillId: `till-${number % 4}`,
    occurredAt,
    amountMinor,
    currency: 'EUR',
    ...customer,
  };
}

function refundOf(number: number): z.input<typeof NewRefund> {
  const { occurredAt, amountMinor, currency } = saleOf(number);
  const saleId = `S${number}`;
  return { refundId: `R${number}`, saleId, occurredAt, amountMinor, currency, isVoid: number % 40 === 0 };
}

/** What was really sold, in order: a quarter of it by webhook; every twentieth sale of the tills is given back. */
export function orderedDay(sales: number): Sending[] {
  return Array.from({ length: sales }, (_, number) => number).flatMap((number) => {
    if (number % 4 === 3) return [charged(number, 100 + number, DAY_SECRET)];
    const sold = posted('/v1/sales', `sale ${number}`, saleOf(number));
    if (number % 20 !== 0) return [sold];
    return [sold, posted('/v1/refunds', `refund ${number}`, refundOf(number))];
  });
}

/** The same day as a bad network, a thief and tills with clocks of their own make it: refunds before their sales,
 *  a fifth sent twice (half of it with another key), one in twenty forged, all of it shuffled. */
export function shuffledDay(sales: number, random: () => number): Sending[] {
  const real = orderedDay(sales);
  const twice = real
    .filter(() => random() < 0.2)
    .map((sending) => {
      const key = sending.headers['idempotency-key'];
      if (key === undefined || random() < 0.5) return sending;
      return { ...sending, headers: { ...sending.headers, 'idempotency-key': `${key} again` } };
    });
  const forged = Array.from({ length: Math.ceil(sales / 20) }, (_, place) => {
    const number = sales + place;
    const byToken = posted('/v1/sales', `forged ${number}`, saleOf(number), {
      authorization: 'Bearer rgl_guess',
    });
    // A few wrong tokens only: more of them make their address wait, the till's too.
    const sending = place < 5 ? byToken : charged(number, 1, 'whsec_a-guess');
    return { ...sending, isForged: true };
  });
  const all = [...real, ...twice, ...forged].map((sending) => ({
    sending,
    order: sending.path === '/v1/refunds' ? random() / 2 : random(),
  }));
  return all.sort((a, b) => a.order - b.order).map(({ sending }) => sending);
}
