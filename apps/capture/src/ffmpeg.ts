import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { messageOf, RegularsError } from '@regulars/contracts';
import type { FfmpegFeatures } from './ffmpeg-arguments.js';

export interface Ffmpeg {
  readonly path: string;
  /** As it names itself, e.g. `5.1.9-0+deb12u1`. */
  readonly version: string;
  /** Major version; null when its version is not a number (a build of a day's sources). */
  readonly major: number | null;
  readonly foundIn: 'FFMPEG_BIN' | 'ffmpeg-static' | 'PATH' | '@ffmpeg-installer/ffmpeg';
  readonly features: FfmpegFeatures;
}

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const PROBE_TIMEOUT_MS = 10_000;

/** A place, and how its path is found out. */
export type Candidate = readonly [Ffmpeg['foundIn'], () => string];

const CANDIDATES: readonly Candidate[] = [
  ['ffmpeg-static', () => existingFile(require('ffmpeg-static') as string | null)],
  ['PATH', () => 'ffmpeg'],
  ['@ffmpeg-installer/ffmpeg', () => (require('@ffmpeg-installer/ffmpeg') as { path: string }).path],
];

/** ffmpeg-static gives a path even when its download failed. */
function existingFile(path: string | null): string {
  if (path === null || !existsSync(path)) throw new Error('its file is not there');
  return path;
}

export interface LocateOptions {
  /** The variable FFMPEG_BIN; when set nothing else is tried. */
  readonly ffmpegBin?: string | undefined;
  readonly candidates?: readonly Candidate[];
}

/** Finds an ffmpeg that runs: FFMPEG_BIN when it is set, else ffmpeg-static, PATH, @ffmpeg-installer/ffmpeg.
 *  @throws RegularsError FFMPEG_MISSING with each place that was looked at and why it failed */
export async function locateFfmpeg({
  ffmpegBin,
  candidates = CANDIDATES,
}: LocateOptions = {}): Promise<Ffmpeg> {
  const looked: Record<string, string> = {};
  const places: readonly Candidate[] = ffmpegBin ? [['FFMPEG_BIN', () => ffmpegBin]] : candidates;
  for (const [foundIn, pathOf] of places) {
    try {
      return { foundIn, ...(await probe(pathOf())) };
    } catch (error) {
      looked[foundIn] = messageOf(error).split('\n')[0] ?? '';
    }
  }
  throw new RegularsError('FFMPEG_MISSING', looked);
}

async function probe(path: string): Promise<Omit<Ffmpeg, 'foundIn'>> {
  const options = { timeout: PROBE_TIMEOUT_MS, windowsHide: true };
  const { stdout: about } = await run(path, ['-hide_banner', '-version'], options);
  const version = /^ffmpeg version (\S+)/.exec(about)?.[1];
  if (version === undefined) throw new Error('is no ffmpeg');
  const { stdout: help } = await run(path, ['-hide_banner', '-h', 'demuxer=rtsp'], options);
  const major = /^n?(\d+)\./.exec(version)?.[1];
  return {
    path,
    version,
    major: major === undefined ? null : Number(major),
    features: { rtspTimeoutOption: help.includes('-stimeout') ? 'stimeout' : 'timeout' },
  };
}

/** The ffmpeg of this process, looked for until it is found once. */
export class FfmpegFinder {
  private found: Ffmpeg | null = null;
  private missing: string | null = null;

  constructor(private readonly options: LocateOptions) {}

  /** @throws RegularsError FFMPEG_MISSING */
  async find(): Promise<Ffmpeg> {
    if (this.found) return this.found;
    try {
      this.found = await locateFfmpeg(this.options);
      this.missing = null;
      return this.found;
    } catch (error) {
      this.missing = messageOf(error);
      throw error;
    }
  }

  /** Why there is none, as far as is known. */
  get fault(): string | null {
    return this.missing;
  }
}
