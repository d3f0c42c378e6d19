import { createHash } from 'node:crypto';

function weightOf(worker: string, lane: number): number {
  return createHash('sha256').update(`${lane}:${worker}`).digest().readUIntBE(0, 6);
}

/** Who holds which lane: rendezvous hashing with a bound on the load. Every pair of worker and lane has a
 *  weight from their names alone; the heaviest pairs win as long as the worker holds fewer than its share of
 *  `ceil(lanes / workers)`. So all workers agree without talking, none holds more than its share, and few lanes
 *  move when one joins or leaves.
 *  @returns the owner of each lane, by lane; empty when there is no worker */
export function ownersOfLanes(workers: readonly string[], lanes: number): readonly string[] {
  const names = [...new Set(workers)].sort();
  if (names.length === 0) return [];
  const share = Math.ceil(lanes / names.length);
  const pairs = names
    .flatMap((worker) => Array.from({ length: lanes }, (_, lane) => ({ worker, lane })))
    .map((pair) => ({ ...pair, weight: weightOf(pair.worker, pair.lane) }))
    .sort((a, b) => b.weight - a.weight);
  const owners = new Array<string>(lanes).fill('');
  const held = new Map<string, number>();
  for (const { worker, lane } of pairs) {
    const count = held.get(worker) ?? 0;
    if (owners[lane] !== '' || count >= share) continue;
    owners[lane] = worker;
    held.set(worker, count + 1);
  }
  return owners;
}

/** The lanes, 0 .. lanes-1 in order, that a worker should hold while these workers are alive. */
export function lanesFor(worker: string, workers: readonly string[], lanes: number): readonly number[] {
  return ownersOfLanes(workers, lanes).flatMap((owner, lane) => (owner === worker ? [lane] : []));
}
