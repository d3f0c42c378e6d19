import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RegularsError } from '@regulars/contracts';

interface LockContent {
  readonly pid: number;
  readonly address: string;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there is such a process, of another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function readLock(path: string): LockContent | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as LockContent;
  } catch {
    // Absent, or cut short by a crash: either way nobody holds it.
    return null;
  }
}

/** Claims a data folder for this process, so that a second start says so instead of failing on a port or
 *  writing beside the first. A lock whose process is gone is taken over.
 *  @returns a function that gives the folder free again
 *  @throws RegularsError ALREADY_RUNNING with the address and process id of the running one */
export function lockDataDir(dataDir: string, address: string): () => void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, 'running.json');
  const content = JSON.stringify({ pid: process.pid, address } satisfies LockContent);
  for (;;) {
    try {
      writeFileSync(path, content, { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = readLock(path);
      if (holder !== null && holder.pid !== process.pid && isAlive(holder.pid))
        throw new RegularsError('ALREADY_RUNNING', { address: holder.address, pid: holder.pid });
      rmSync(path, { force: true });
    }
  }
}
