import { parseArgs } from 'node:util';
import { readShop } from '../shop/truth.js';
import { judgeFollowed } from './shop/judge-shop.js';
import { runShop } from './shop/run-shop.js';

const HELP = 'npm run evaluate -- tracking --shop DIR';

/** `npm run evaluate -- tracking`: holds the boxes and tracks of recognition against those of a scripted shop, with
 *  CLEAR-MOT's and the identity measures. A true track is one person's pass before one camera.
 *  @throws Error on wrong arguments, or when the folder holds no scripted shop */
export async function evaluateTracking(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { shop: { type: 'string' } } });
  const { shop: folder } = values;
  if (folder === undefined) throw new Error(`usage: ${HELP}`);
  const truth = await readShop(folder);
  const run = await runShop({ folder, truth, enrol: 0, mode: 'members', silence: null, say: console.log });
  const { figures } = judgeFollowed(truth, run.followed, null);
  const { mota, motp, idf1, ...counts } = figures;
  const round = (value: number): number => Math.round(value * 1e4) / 1e4;
  const per100 = figures.tracks === 0 ? 0 : round((100 * figures.switches) / figures.tracks);
  console.log(
    JSON.stringify({
      ...{ mota: round(mota), motp: round(motp), idf1: round(idf1), ...counts },
      ...{ identitySwitchesPer100: per100, framesDropped: run.framesDropped },
    }),
  );
}
