import { parseArgs } from 'node:util';
import { CameraMode } from '@regulars/contracts';
import { readShop } from '../shop/truth.js';
import { judgeFollowed, judgeVisits } from './shop/judge-shop.js';
import { runShop } from './shop/run-shop.js';

const HELP =
  'npm run evaluate -- visits --shop DIR [--enrol K] [--outage] [--mode members|returning|day|count]';

/** `npm run evaluate -- visits`: shows a scripted shop's films to recognition and analytics and compares the visits
 *  that they count with those that there were. docs/evaluations.md defines each figure.
 *  @throws Error on wrong arguments, or when the folder holds no scripted shop */
export async function evaluateVisits(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      shop: { type: 'string' },
      enrol: { type: 'string' },
      outage: { type: 'boolean', default: false },
      mode: { type: 'string', default: 'returning' },
    },
  });
  const { shop: folder } = values;
  if (folder === undefined) throw new Error(`usage: ${HELP}`);
  const mode = CameraMode.safeParse(values.mode);
  if (!mode.success) throw new Error(`--mode must be one of ${CameraMode.options.join(', ')}`);
  const truth = await readShop(folder);
  const enrol = values.enrol === undefined ? truth.people.length : Number(values.enrol);
  if (!(Number.isInteger(enrol) && enrol >= 0 && enrol <= truth.people.length))
    throw new Error(`--enrol must be a whole number from 0 to ${truth.people.length}, the people there are`);
  const silence = values.outage ? truth.outage : null;
  const run = await runShop({ folder, truth, enrol, mode: mode.data, silence, say: console.log });
  const followed = judgeFollowed(truth, run.followed, silence);
  const { trouble, missed, split, joined, invented, unseen, ...figures } = judgeVisits(
    truth,
    run,
    followed,
    silence,
  );
  for (const line of trouble) console.log(line);
  const { low, high, doubts, outages } = run.count;
  const bounds = `between ${low} and ${high ?? 'any number'} (doubled ${doubts.doubled}, unjudged ${doubts.unjudged}, unseen ${doubts.unseen ?? '?'}, joined ${doubts.joined})`;
  console.log(`the API counts ${run.count.visits}, ${bounds}; ${outages.length} outages are shown`);
  const { mota, idf1, switches, fragments } = followed.figures;
  console.log(
    `missed ${missed}, split ${split}, joined ${joined}, invented ${invented}, unseen ${unseen}; ` +
      `MOTA ${mota.toFixed(3)}, IDF1 ${idf1.toFixed(3)}, ${switches} switches, ${fragments} fragments; ` +
      `${run.framesShown} frames, ${run.framesDropped} dropped, ${run.speed.toFixed(2)} times the films' speed`,
  );
  console.log(JSON.stringify({ ...figures, low, high }));
}
