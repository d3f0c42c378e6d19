import { environmentOfProcess } from '@regulars/runtime';
import { loadModel, readManifest, type LoadedModel } from '@regulars/vision';
import { percentile } from './percentile.js';

const BATCHES = [1, 8];
const WARM_UP_RUNS = 3;
const RUNS = 30;

/** Milliseconds an item on one thread, the median of several runs, by model and batch. */
interface Timing {
  readonly model: string;
  readonly provider: string;
  readonly msPerItem: Readonly<Record<string, number>>;
}

/** Times each model of the manifest on one thread, with pictures of the size it takes. Prints a line for each and
 *  all as one line of JSON last. */
export async function models(): Promise<void> {
  const { modelsDir, visionProvider: provider } = environmentOfProcess();
  const manifest = await readManifest(modelsDir);
  const timings: Timing[] = [];
  for (const { name } of manifest.models) {
    const model = await loadModel(manifest, name, { modelsDir, provider });
    const timing = await time(model);
    await model.release();
    timings.push(timing);
    console.error(`${name} (${timing.provider}): ${JSON.stringify(timing.msPerItem)} ms an item by batch`);
  }
  console.log(JSON.stringify({ timings }));
}

async function time(model: LoadedModel): Promise<Timing> {
  const [, heightPx = 0, widthPx = 0] = model.entry.input.shape.map((size) => size ?? 0);
  const data = Uint8Array.from({ length: widthPx * heightPx * 3 }, (_, index) => (index * 37) % 251);
  const msPerItem: Record<string, number> = {};
  for (const batch of BATCHES) {
    const pictures = Array.from({ length: batch }, () => ({ data, widthPx, heightPx }));
    const times: number[] = [];
    for (let run = 0; run < WARM_UP_RUNS + RUNS; run += 1) {
      const startedAt = performance.now();
      await model.run(pictures);
      if (run >= WARM_UP_RUNS) times.push((performance.now() - startedAt) / batch);
    }
    msPerItem[batch] = Math.round(percentile(times, 0.5) * 100) / 100;
  }
  return { model: model.entry.name, provider: model.provider, msPerItem };
}
