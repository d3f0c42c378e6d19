import { readdirSync, readFileSync } from 'node:fs';

/** Ticks a second of /proc's times: 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

interface ProcessTimes {
  readonly parent: number;
  readonly ticks: number;
}

function timesOf(pid: string): ProcessTimes | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold blanks; fields are counted from behind it.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [, parent = 0] = fields;
    return { parent, ticks: (fields[11] ?? 0) + (fields[12] ?? 0) };
  } catch {
    // It ended between the listing and the reading.
    return null;
  }
}

/** CPU seconds that some processes and all that they started have used so far; null where there is no /proc. */
export function cpuSeconds(roots: readonly number[]): number | null {
  if (process.platform !== 'linux') return null;
  const times = new Map<number, ProcessTimes>();
  for (const name of readdirSync('/proc')) {
    const found = /^\d+$/.test(name) ? timesOf(name) : null;
    if (found !== null) times.set(Number(name), found);
  }
  const isInside = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = times.get(at)?.parent)
      if (roots.includes(at)) return true;
    return false;
  };
  let ticks = 0;
  for (const [pid, found] of times) if (isInside(pid)) ticks += found.ticks;
  return ticks / TICKS_PER_SECOND;
}

/** CPU seconds of some processes without those that they started; null where there is no /proc. */
export function ownCpuSeconds(pids: readonly number[]): number | null {
  if (process.platform !== 'linux') return null;
  return pids.reduce((sum, pid) => sum + (timesOf(String(pid))?.ticks ?? 0), 0) / TICKS_PER_SECOND;
}
