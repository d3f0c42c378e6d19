import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FfmpegFinder, locateFfmpeg } from './ffmpeg.js';

const root = mkdtempSync(join(tmpdir(), 'regulars-ffmpeg-'));

/** A program that answers like ffmpeg of a version. */
function pretend(name: string, version: string, timeoutOption: string): string {
  const path = join(root, name);
  const answers = `case "$*" in *-version*) echo "ffmpeg version ${version} Copyright";; *) echo "  ${timeoutOption}  <int>";; esac`;
  writeFileSync(path, `#!/bin/sh\n${answers}\n`);
  chmodSync(path, 0o755);
  return path;
}

const require = createRequire(import.meta.url);
function installedOldFfmpeg(): string | null {
  try {
    return (require('@ffmpeg-installer/ffmpeg') as { path: string }).path;
  } catch {
    return null;
  }
}
const old = installedOldFfmpeg();
if (old === null)
  process.stderr.write(
    'ffmpeg.spec.ts: one test skipped, because @ffmpeg-installer/ffmpeg is not installed\n',
  );

let modern: string;
let other: string;
beforeAll(() => {
  modern = pretend('modern', '7.1-static', '-timeout');
  other = pretend('other', '4.4.2', '-stimeout');
});
afterAll(() => rmSync(root, { recursive: true }));

describe.runIf(process.platform !== 'win32')('locateFfmpeg', () => {
  it('takes the first place whose ffmpeg runs', async () => {
    const found = await locateFfmpeg({
      candidates: [
        ['ffmpeg-static', () => join(root, 'not-there')],
        ['PATH', () => modern],
        ['@ffmpeg-installer/ffmpeg', () => other],
      ],
    });
    expect(found).toEqual({
      foundIn: 'PATH',
      path: modern,
      version: '7.1-static',
      major: 7,
      features: { rtspTimeoutOption: 'timeout' },
    });
  });

  it('knows an ffmpeg before 5 by its time-out option', async () => {
    expect(await locateFfmpeg({ ffmpegBin: other })).toMatchObject({
      foundIn: 'FFMPEG_BIN',
      major: 4,
      features: { rtspTimeoutOption: 'stimeout' },
    });
  });

  it('says where it looked, when there is none', async () => {
    const nowhere = () => {
      throw new Error('not installed');
    };
    const looked = locateFfmpeg({
      candidates: [
        ['ffmpeg-static', nowhere],
        ['PATH', () => join(root, 'not-there')],
      ],
    });
    await expect(looked).rejects.toMatchObject({
      code: 'FFMPEG_MISSING',
      fields: { 'ffmpeg-static': 'not installed', PATH: expect.stringContaining('ENOENT') },
    });
  });

  it('does not fall back when FFMPEG_BIN is wrong, or is another program', async () => {
    for (const ffmpegBin of [join(root, 'not-there'), '/bin/true']) {
      await expect(locateFfmpeg({ ffmpegBin })).rejects.toMatchObject({ code: 'FFMPEG_MISSING' });
    }
  });

  it.runIf(old !== null)('works with the ffmpeg of 2018 that npm carries', async () => {
    expect(await locateFfmpeg({ ffmpegBin: old ?? '' })).toMatchObject({
      features: { rtspTimeoutOption: 'stimeout' },
    });
  });
});

describe.runIf(process.platform !== 'win32')('FfmpegFinder', () => {
  it('finds an ffmpeg that is installed later', async () => {
    const path = join(root, 'later');
    const finder = new FfmpegFinder({ ffmpegBin: path });
    await expect(finder.find()).rejects.toMatchObject({ code: 'FFMPEG_MISSING' });
    expect(finder.fault).toMatch(/no ffmpeg/i);
    pretend('later', '6.0', '-timeout');
    expect((await finder.find()).version).toBe('6.0');
    expect(finder.fault).toBeNull();
  });
});
