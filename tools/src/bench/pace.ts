import { percentile } from './percentile.js';

export interface Figures {
  readonly perSecond: number;
  readonly p99Ms: number;
}

/** Runs `count` works, `atOnce` at a time; each one's time is from its begin to its end. */
export async function measure(
  count: number,
  atOnce: number,
  work: (i: number) => Promise<void>,
): Promise<Figures> {
  const times: number[] = [];
  let next = 0;
  const start = performance.now();
  const one = async () => {
    for (let i = next++; i < count; i = next++) {
      const begun = performance.now();
      await work(i);
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  const perSecond = Math.round(count / ((performance.now() - start) / 1_000));
  return { perSecond, p99Ms: Number(percentile(times, 0.99).toFixed(1)) };
}
