import { describe, expect, it } from 'vitest';
import { isProven, proveSales } from '../tools/src/bench/sales-kills.js';
import { machine } from './machine.js';
import { requirements } from './requirements.js';

const canRun = requirements('sales and kills', { RabbitMQ: (await machine())['RabbitMQ'] === true }, true);

describe.runIf(canRun)('a day of sales', () => {
  it('leaves the ledger of the ordered day while gateway and analytics are killed, and takes nothing forged', async () => {
    const report = await proveSales({ sales: 100, kills: 1, store: 'sqlite' });
    expect(report).toMatchObject({
      kills: { gateway: 1, analytics: 1 },
      forged: 5,
      forgedAccepted: 0,
      differing: { sales: 0, ledger: 0, months: 0 },
    });
    expect(isProven(report)).toBe(true);
    expect(isProven({ ...report, forgedAccepted: 1 })).toBe(false);
  }, 180_000);
});
