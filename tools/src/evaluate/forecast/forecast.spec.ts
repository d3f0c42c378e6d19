import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { evaluateForecast } from './forecast.js';

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'evaluate-forecast-'))));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

const DAY_MS = 86_400_000;

/** Customers who buy every `every` days, so many times, from a day of their own on. */
function shop({
  customers,
  every,
  times,
  start = '2021-01-04',
}: {
  customers: number;
  every: number;
  times: number;
  start?: string;
}) {
  const rows = ['customerId,occurredAt,amount,currency'];
  for (let customer = 0; customer < customers; customer += 1)
    for (let time = 0; time <= (customer * 7) % times; time += 1) {
      const day = ((customer * 11) % 60) + time * (every + (customer % 5));
      const occurredAt = new Date(Date.parse(start) + day * DAY_MS).toISOString();
      rows.push(`c${customer},${occurredAt},${10 + ((customer * 13) % 50)},JPY`);
    }
  return `${rows.join('\n')}\n`;
}

function fileOf(text: string | Buffer): string {
  const file = join(folder, `${Math.random()}.csv`);
  writeFileSync(file, text);
  return file;
}

/** What the evaluation printed, and its last line as JSON. */
async function told(...args: string[]): Promise<{ text: string; last: Record<string, unknown> }> {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: unknown) => void lines.push(String(line)));
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  await evaluateForecast(args);
  return { text: lines.join('\n'), last: JSON.parse(lines.at(-1) ?? '') as Record<string, unknown> };
}

const KEYS = [
  'churnAuc',
  'churnLogLoss',
  'maeRatio',
  'rmseRatio',
  'captureTop10',
  'classAccuracy',
  'changeAuc',
  'classLogLoss',
  'macroF1',
];

describe('npm run evaluate -- forecast', () => {
  it('measures a shop of half a year by spans of days, from gzip, with every key in the last line', async () => {
    const sales = fileOf(gzipSync(shop({ customers: 14, every: 9, times: 14 })));
    const { text, last } = await told('--sales', sales, '--origins', '3', '--horizon', '21');
    expect(text).toContain('spans of 7 days');
    expect(last).toMatchObject({ champion: 'bg-nbd', horizonDays: 21 });
    expect(last['origins']).toHaveLength(3);
    expect(last['note']).toMatch(/^\d+ months of history, 15 are needed$/);
    for (const key of KEYS) expect(last).toHaveProperty(key);
    expect(last['maeRatio']).toBe(1);
    expect(last['churnAuc']).toBeGreaterThan(0.5);
    const models = last['models'] as Record<string, Record<string, number | null>>;
    expect(Object.keys(models)).toEqual(expect.arrayContaining(['persistence', 'markov', 'bg-nbd']));
    expect(models['persistence']?.['churnLogLoss']).toBeNull();
    expect(last['missing']).toEqual([
      expect.stringMatching(/^seasonal-naive: less than a year of history/),
      expect.stringMatching(/^boosting, lstm, ensemble: \d+ outcomes of which \d+ with a purchase/),
    ]);
  });

  it('takes shorter periods by itself where whole months are too few', async () => {
    const sales = fileOf(shop({ customers: 40, every: 8, times: 10 }));
    const { text, last } = await told('--sales', sales, '--origins', '2', '--until', '2021-05-31');
    expect(text).toMatch(/5 whole months are too few, so shorter periods are taken/);
    expect(last['origins']).toHaveLength(2);
    expect(JSON.stringify(last['origins'])).toContain('2021-04-19');
  });

  it('cuts the data after --until', async () => {
    const sales = fileOf(shop({ customers: 50, every: 20, times: 20 }));
    const { last } = await told('--sales', sales, '--origins', '1', '--until', '2021-12-31');
    expect(last['origins']).toEqual(['2021-09-30']);
    expect((await told('--sales', sales, '--origins', '1', '--until', '2020-01-01')).last).toMatchObject({
      champion: 'bg-nbd',
      churnAuc: null,
      models: {},
      missing: ['there is no sale up to 2020-01-01'],
    });
  });

  it('says what it cannot fill for one-time buyers, a single customer and a huge spender', async () => {
    const once = await told('--sales', fileOf(shop({ customers: 30, every: 9, times: 1 })), '--origins', '2');
    expect(once.last['champion']).toBe('bg-nbd');
    const single = await told(
      '--sales',
      fileOf('customerId,occurredAt,amount\nc1,2021-01-04,5\n'),
      '--origins',
      '2',
    );
    expect(single.last).toMatchObject({ churnAuc: null, origins: [] });
    expect(single.last['missing']).toEqual(
      expect.arrayContaining([expect.stringContaining('periods are needed')]),
    );
    const huge = `${shop({ customers: 30, every: 9, times: 12 })}c0,2021-03-01T10:00:00Z,900000000,JPY\n`;
    const rich = await told('--sales', fileOf(huge), '--origins', '2', '--horizon', '21');
    expect(rich.last['maeRatio']).toBe(1);
  });

  it('names the row that is wrong, and wrong arguments', async () => {
    const broken = fileOf('customerId,occurredAt,amount\nc1,2021-01-04,5\nc2,2021-01-04,five\n');
    await expect(told('--sales', broken, '--origins', '1')).rejects.toThrow(
      /row 3: the amount is not a number/,
    );
    await expect(told('--sales', fileOf(''), '--origins', '1')).rejects.toThrow('the file is empty');
    await expect(told('--sales', broken, '--origins', '0')).rejects.toThrow('--origins');
    await expect(told('--sales', broken, '--until', 'May')).rejects.toThrow('--until');
    await expect(told('--origins', '1')).rejects.toThrow('usage');
  });
});
