import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HELP } from './start/arguments.js';
import { start } from './start.js';

describe('npm start', () => {
  let folder: string;
  let said: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'regulars-start-'));
    said = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      said += String(text);
      return true;
    });
    vi.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Error(`exit ${code}`);
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  it('ends with 3 and says where the running one is, when there is one', async () => {
    const lock = join(folder, 'running.json');
    // The process that started this one lives as long as this one.
    const running = JSON.stringify({ pid: process.ppid, address: 'http://127.0.0.1:8080' });
    writeFileSync(lock, running);
    await expect(start(['--data', folder, '--port', '0'], 0)).rejects.toThrow('exit 3');
    expect(said).toMatch(/^ALREADY_RUNNING: .*http:\/\/127\.0\.0\.1:8080/);
    expect(said).toContain('stop it first');
    expect(readFileSync(lock, 'utf8')).toBe(running);
  });

  it('explains its options and starts nothing', async () => {
    await start(['--help', '--data', folder], 0);
    expect(said).toBe(`${HELP}\n`);
  });
});
