import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { SILENT } from '@regulars/contracts';
import { environmentOfProcess } from '@regulars/runtime';
import { entryFor, openVision, readManifest } from '@regulars/vision';
import { page } from '../../faces-data/html.js';
import { outsideOfCheckout } from '../../faces-data/outside.js';
import { openExpressionJudge } from '../../serve.js';
import { openNet } from './net.js';
import { facesSeenIn } from './seen.js';
import { countsOf, readFaces, sheetBody } from './sheet-page.js';

const USAGE =
  'npm run evaluate -- expression-sheet --data DIR --out PAGE.html [--most 40] [--fps 1]: photographs and films, no labels needed';

/** Reads the expression of every face that the detector finds in photographs and films, as the expression service
 *  would, and writes a page with the surest and the most doubtful, to be looked at: what no labelled benchmark shows.
 *  The last line is JSON: how many faces were called what.
 *  @throws DatasetError DATA_MISSING, DATA_EMPTY, OUT_INSIDE */
export async function evaluateExpressionSheet(args: string[]): Promise<void> {
  const { data, out, most, fps } = readOptions(args);
  const target = outsideOfCheckout(out);
  const { modelsDir, visionProvider } = environmentOfProcess();
  const vision = await openVision({ modelsDir, provider: visionProvider, threads: 1, telemetry: SILENT });
  const net = await openNet(modelsDir, entryFor(await readManifest(modelsDir), 'expression').name);
  try {
    const read = await readFaces(facesSeenIn(data, { vision, fps }), {
      net,
      judge: await openExpressionJudge(),
    });
    await writeFile(
      target,
      page('Expressions, the surest and the most doubtful', await sheetBody(read, most)),
    );
    console.log(`page: ${target}`);
    console.log(JSON.stringify(countsOf(read)));
  } finally {
    await net.close();
    await vision.close();
  }
}

function readOptions(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      out: { type: 'string' },
      most: { type: 'string', default: '40' },
      fps: { type: 'string', default: '1' },
    },
  });
  const { data, out } = values;
  const [most, fps] = [Number(values.most), Number(values.fps)];
  if (
    data === undefined ||
    out === undefined ||
    !Number.isInteger(most) ||
    most < 1 ||
    !(fps > 0 && fps <= 25)
  )
    throw new Error(`usage: ${USAGE}`);
  return { data, out, most, fps };
}
