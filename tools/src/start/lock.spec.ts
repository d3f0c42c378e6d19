import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RegularsError } from '@regulars/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDataDir } from './lock.js';

const ADDRESS = 'http://127.0.0.1:8080';

describe('a data folder', () => {
  let root: string;
  let folder: string;
  const path = () => join(folder, 'running.json');
  const heldBy = (pid: number) => writeFileSync(path(), JSON.stringify({ pid, address: ADDRESS }));

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'regulars-lock-'));
    folder = join(root, 'data');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('is made for its owner alone, says who runs in it, and is free again afterwards', () => {
    const release = lockDataDir(folder, ADDRESS);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(JSON.parse(readFileSync(path(), 'utf8'))).toEqual({ pid: process.pid, address: ADDRESS });
    release();
    expect(existsSync(path())).toBe(false);
    lockDataDir(folder, ADDRESS)();
  });

  it('belongs to one process at a time, and says which', () => {
    lockDataDir(folder, ADDRESS);
    // The process that started this one lives as long as this one.
    heldBy(process.ppid);
    const before = readFileSync(path(), 'utf8');
    let refusal: unknown = null;
    try {
      lockDataDir(folder, 'http://127.0.0.1:9999');
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(RegularsError);
    expect(refusal).toMatchObject({
      code: 'ALREADY_RUNNING',
      fields: { address: ADDRESS, pid: process.ppid },
    });
    expect(readFileSync(path(), 'utf8')).toBe(before);
  });

  it('is taken over from a process that is gone, and from a lock that was cut short', async () => {
    lockDataDir(folder, ADDRESS)();
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    heldBy(child.pid ?? 0);
    lockDataDir(folder, ADDRESS)();
    for (const text of ['', '{"pid":']) {
      writeFileSync(path(), text);
      lockDataDir(folder, ADDRESS);
      expect(JSON.parse(readFileSync(path(), 'utf8'))).toMatchObject({ pid: process.pid });
    }
  });
});
