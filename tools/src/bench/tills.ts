import { Agent, request } from 'node:http';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { type Figures, measure } from './pace.js';

interface Shop {
  readonly address: string;
  readonly token: string;
  readonly tills: number;
}

interface Order {
  readonly from: number;
  readonly count: number;
}

/** Tills in a thread of their own, as they are no part of the gateway: what it takes to send is not its work. */
export class Tills {
  private readonly worker: Worker;

  constructor(shop: Shop) {
    this.worker = new Worker(new URL('./tills.js', import.meta.url), { workerData: shop });
  }

  /** Posts `count` sales from a number on, each till its next one after the answer.
   *  @throws Error when a sale is not answered with 201 */
  post(order: Order): Promise<Figures> {
    return new Promise((resolve, reject) => {
      this.worker.once('message', resolve).once('error', reject);
      this.worker.postMessage(order);
    });
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}

/** A sale as a till posts it, on a connection that it keeps, with an Idempotency-Key. */
function postedSale({ address, token, tills }: Shop): (i: number) => Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: tills });
  const { hostname, port } = new URL(address);
  return (i) =>
    new Promise((resolve, reject) => {
      const occurredAt = new Date(Date.UTC(2026, 1, 1) + i * 1_000).toISOString();
      const sale = {
        saleId: `S${i}`,
        tillId: `till-${i % tills}`,
        occurredAt,
        amountMinor: i,
        currency: 'EUR',
      };
      const body = JSON.stringify(sale);
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'idempotency-key': `bench ${i}`,
      };
      const sent = request(
        { agent, hostname, port, method: 'POST', path: '/v1/sales', headers },
        (response) => {
          response.resume().on('end', () => {
            if (response.statusCode === 201) resolve();
            else reject(new Error(`a sale was answered with ${response.statusCode ?? 0}`));
          });
        },
      );
      sent.on('error', reject).end(body);
    });
}

if (parentPort !== null) {
  const port = parentPort;
  const shop = workerData as Shop;
  const post = postedSale(shop);
  port.on('message', ({ from, count }: Order) => {
    // A failure ends the thread with its error, which the other side hears.
    void measure(count, shop.tills, (i) => post(from + i)).then((figures) => port.postMessage(figures));
  });
}
