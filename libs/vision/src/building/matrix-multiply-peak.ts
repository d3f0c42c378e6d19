import { InferenceSession, Tensor } from 'onnxruntime-node';
import { GraphBuilder } from './graph.js';
import { encodeOnnx } from './onnx-file.js';

/** Rows and columns: large enough that the kernel, not the memory, sets the pace. */
const SIDE = 1024;
const WARM_UP_RUNS = 3;

/** What this machine's matrix multiplication reaches on one thread, for the share of it that a model reaches. CPU
 *  time, so that other work on the machine counts for little.
 *  @param runs of which the fastest counts
 *  @returns GFLOP/s, a multiplication and an addition counted as two */
export async function matrixMultiplyPeak(runs = 15): Promise<number> {
  const graph = new GraphBuilder('peak', [SIDE, SIDE]);
  const numbers = graph.apply('Cast', ['input'], { to: { kind: 'int', value: 1 } });
  const values = Float32Array.from({ length: SIDE * SIDE }, (_, index) => ((index * 31) % 97) / 97);
  graph.output('product', graph.dense(numbers, { dims: [SIDE, SIDE], values }), [SIDE, SIDE]);
  const session = await InferenceSession.create(await encodeOnnx(graph.build()), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const input = new Tensor(
    'uint8',
    Uint8Array.from({ length: SIDE * SIDE }, (_, index) => index % 7),
    [SIDE, SIDE],
  );
  let fastestMs = Infinity;
  for (let run = 0; run < WARM_UP_RUNS + runs; run += 1) {
    const before = process.cpuUsage();
    await session.run({ input });
    const { user, system } = process.cpuUsage(before);
    if (run >= WARM_UP_RUNS) fastestMs = Math.min(fastestMs, (user + system) / 1_000);
  }
  await session.release();
  return (2 * SIDE ** 3) / fastestMs / 1e6;
}
