import { parseArgs } from 'node:util';
import { currencyDigits } from '@regulars/contracts';
import { evaluateForecasts, periodsNeeded } from '@regulars/customer-value';
import { cutSales, spanOf, type Cut } from './cut.js';
import { readSales } from './read-sales.js';
import { gainsText, lineOf, tableOf } from './table.js';

const USAGE = 'npm run evaluate -- forecast --sales FILE --origins N [--until DATE] [--horizon DAYS]';

/** Origins before the evaluated ones in which the champion is chosen. */
const CHOOSING_ORIGINS = 3;
const MOST_CUSTOMERS = 10_000;

/** Repeats the past of a file of sales from its latest origins and measures every model by what then came. Prints
 *  the whole table and, last, one line of JSON; what a short history cannot fill is null there, with the reason.
 *  @throws Error on wrong arguments, or naming the row of the file that is wrong */
export async function evaluateForecast(args: string[]): Promise<void> {
  const { sales, origins, until, horizonDays } = optionsOf(args);
  const file = await readSales(sales, Date.now());
  const perUnit = 10 ** (file.currency === null ? 2 : currencyDigits(file.currency));
  console.log(`${file.sales.length} sales, layout ${file.layout}, currency ${file.currency ?? 'not named'}`);
  const cut = cutSales(file.sales, { origins, until, horizonDays });
  if (cut === null) return tell(null, null, [`there is no sale up to ${until ?? 'the end'}`]);
  heading(cut);
  const from = process.cpuUsage();
  const evaluation = await evaluateForecasts(cut.series, {
    origins,
    choosingOrigins: CHOOSING_ORIGINS,
    mostCustomers: MOST_CUSTOMERS,
    seed: 1,
    onProgress: (what) => console.error(what),
  });
  const { user, system } = process.cpuUsage(from);
  if (evaluation === null) {
    const needed = `${periodsNeeded(1)} periods are needed for one origin and there are ${cut.series.count}`;
    return tell(null, horizonOf(cut), [needed, ...cut.notes]);
  }
  const { report, note, chosenAt, coverage, customers } = evaluation;
  const missing =
    report.origins.length < origins
      ? [`${report.origins.length} origins instead of ${origins}: the history is too short for more`]
      : [];
  console.log(
    `\nMeans of ${report.origins.length} origins, ${report.origins.map(({ origin }) => origin).join(', ')}`,
  );
  console.log(`customers known then: ${customers.join(', ')}`);
  console.log('[95 % interval, customers drawn with replacement]; ratios are to bg-nbd at equal totals\n');
  console.log(tableOf(report.models, perUnit));
  if (report.gains.length > 0) console.log(`\nWhat a part adds\n${gainsText(report, perUnit)}`);
  const chosen = chosenAt.length > 0 ? `, chosen at ${chosenAt.join(', ')}` : '';
  console.log(`\nchampion: ${report.champion}${chosen}${note === null ? '' : ` (${note})`}`);
  if (coverage !== null)
    console.log(`its intervals for eight of ten held ${(100 * coverage).toFixed(1)} % of what came`);
  for (const { what, why } of report.missing) console.log(`missing: ${what}: ${why}`);
  console.log(`${((user + system) / 1e6).toFixed(0)} s of CPU`);
  tell(evaluation, horizonOf(cut), [...missing, ...cut.notes]);
}

function heading({ series, period, notes }: Cut): void {
  console.log(`${series.customerIds.length} customers, ${series.count} ${period}, ${spanOf(series)}`);
  for (const note of notes) console.log(note);
}

function tell(...told: Parameters<typeof lineOf>): void {
  const [, , reasons] = told;
  for (const reason of reasons) console.log(`note: ${reason}`);
  console.log(JSON.stringify(lineOf(...told)));
}

function horizonOf({ series: { periods, first, count } }: Cut): number {
  return periods.startOf(first + count) - periods.startOf(first + count - 3);
}

function optionsOf(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      sales: { type: 'string' },
      origins: { type: 'string', default: '6' },
      until: { type: 'string' },
      horizon: { type: 'string' },
    },
  });
  if (values.sales === undefined) throw new Error(`usage: ${USAGE}`);
  const { until } = values;
  if (until !== undefined && !(/^\d{4}-\d{2}-\d{2}$/.test(until) && !Number.isNaN(Date.parse(until))))
    throw new Error(`--until is no date such as 2011-11-30: ${until}`);
  return {
    sales: values.sales,
    origins: wholeNumber('origins', values.origins, 60),
    until,
    horizonDays: values.horizon === undefined ? undefined : wholeNumber('horizon', values.horizon, 1_095),
  };
}

function wholeNumber(name: string, text: string, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new Error(`--${name} is no whole number from 1 to ${most}: ${text}`);
  return value;
}
