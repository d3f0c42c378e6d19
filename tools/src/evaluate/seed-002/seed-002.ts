import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../../root.js';
import { agreementOf, defectsOf, movementOf, type Defects } from './figures.js';
import { readClasses, readInvoices } from './invoices.js';
import { accuracyOf, classesOfMonth, confusionOf, predictLastMonth, type Confusion } from './persistence.js';
import { rebuildClasses, SEED_RECIPE } from './rebuild.js';

const USAGE = 'npm run evaluate -- seed-002 [--sales FILE --classes FILE] [--seed N]';
const DATA = join(ROOT, '../shared/data/transactions/online-retail-ii');
const STARTS = 100;
/** The seed's, and twice as many: our one layer learns more slowly than its two. */
const EPOCHS = { seed: 25, settled: 50 };

/** The last line that the evaluation prints. */
interface Result extends Defects {
  readonly customers: number;
  readonly cells: number;
  readonly sameCells: number;
  readonly agreement: number;
  readonly unchangedShare: number;
  readonly unchangedShareOfLastYear: number;
  readonly persistenceAccuracy: number;
  readonly lstmAccuracy: number;
  readonly lstmEqualsPersistence: number;
  readonly persistenceConfusion: Confusion;
  readonly lstmConfusion: Confusion;
  readonly after25Epochs: Readonly<Record<'lstmAccuracy' | 'lstmEqualsPersistence', number>>;
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** Rebuilds the monthly classes of the project's second seed from the invoices, says what is wrong with them and
 *  shows what its LSTM adds to repeating the last month. */
export async function evaluateSeed002(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      sales: { type: 'string', default: join(DATA, 'invoices.csv.gz') },
      classes: { type: 'string', default: join(DATA, 'seed-monthly-classes.csv') },
      seed: { type: 'string', default: '1' },
    },
  });
  const missing = [values.sales, values.classes].find((path) => !existsSync(path));
  if (missing !== undefined) throw new Error(`there is no file ${missing}; ${USAGE}`);
  const invoices = await readInvoices(values.sales);
  const published = await readClasses(values.classes);
  const starts = { seed: Number(values.seed), starts: STARTS };

  const { same, cells, months } = agreementOf(
    published,
    rebuildClasses(invoices, published, SEED_RECIPE, starts),
  );
  console.log(
    `${invoices.length} invoices; ${published.customers.length} customers, ${months.length} months`,
  );
  console.log(`rebuilt: ${same} of ${cells} classes are the published ones, ${percent(same / cells)}`);
  console.log(`  by month: ${months.join(' ')}`);

  const movement = movementOf(published, invoices);
  const defects = defectsOf(published, invoices, starts);
  printDefects(movement, defects);

  const actual = classesOfMonth(published, -1);
  const copied = classesOfMonth(published, -2);
  const persistence = confusionOf(actual, copied);
  printConfusion("copying last month's class", persistence);
  const trained = async (epochs: number) => {
    const predicted = await predictLastMonth(published, { seed: starts.seed, epochs });
    const equal = predicted.filter((value, index) => value === copied[index]).length;
    const confusion = confusionOf(actual, predicted);
    printConfusion(`the LSTM after ${epochs} epochs`, confusion);
    console.log(`  the same as copying for ${equal} of ${actual.length} customers`);
    return { equal: equal / actual.length, confusion };
  };
  const early = await trained(EPOCHS.seed);
  const lstm = await trained(EPOCHS.settled);
  const result: Result = {
    customers: actual.length,
    cells,
    sameCells: same,
    agreement: same / cells,
    unchangedShare: movement.unchangedShare,
    unchangedShareOfLastYear: movement.unchangedShareOfLastYear,
    persistenceAccuracy: accuracyOf(persistence),
    lstmAccuracy: accuracyOf(lstm.confusion),
    lstmEqualsPersistence: lstm.equal,
    persistenceConfusion: persistence,
    lstmConfusion: lstm.confusion,
    after25Epochs: { lstmAccuracy: accuracyOf(early.confusion), lstmEqualsPersistence: early.equal },
    ...defects,
  };
  console.log(JSON.stringify(result));
}

function printDefects(movement: ReturnType<typeof movementOf>, defects: Defects): void {
  const { unchangedShare, unchangedShareOfLastYear, changes, changesWithoutInvoice } = movement;
  console.log('what is wrong with them:');
  console.log(
    `  everything since the beginning counts: ${percent(unchangedShare)} of the classes are last month's, ${percent(unchangedShareOfLastYear)} in the last year`,
  );
  console.log(
    `  every month has clusters of its own: ${changesWithoutInvoice} of ${changes} changes fall into a month without an invoice of the customer`,
  );
  console.log(
    `  a clipped value overwrites its row: ${percent(defects.labelsChangedByClipping)} of the last month's classes differ once columns are clipped`,
  );
  console.log(
    `  frequency counts lines, ${defects.linesPerInvoice.toFixed(1)} to an invoice: ${percent(defects.labelsChangedByCountingInvoices)} differ once invoices are counted`,
  );
  console.log(
    `  the script counts ${defects.overlapInvoices} invoices of both sheets twice; its published classes do not: that way ${percent(defects.agreementWithOverlapTwice)} are rebuilt`,
  );
}

function printConfusion(name: string, confusion: Confusion): void {
  console.log(`${name}: ${percent(accuracyOf(confusion))} right (rows: actual low, medium, high)`);
  for (const row of confusion) console.log(`  ${row.map((count) => String(count).padStart(5)).join('')}`);
}
