import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Development clips of three people who come again (not part of the repository). */
export const PEOPLE = join(import.meta.dirname, '../../shared/data/faces/clips-intel/people');

export const hasPeople = existsSync(PEOPLE);

/** One picture of a film as JPEG.
 *  @param atSeconds position in the film */
export function still(film: string, atSeconds: number): Uint8Array {
  const args = [
    '-nostdin',
    '-loglevel',
    'error',
    '-ss',
    String(atSeconds),
    '-i',
    film,
    '-frames:v',
    '1',
    '-q:v',
    '2',
    '-f',
    'mjpeg',
    'pipe:1',
  ];
  const { status, stdout, stderr } = spawnSync(process.env['FFMPEG_BIN'] ?? 'ffmpeg', args, {
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`no picture from ${film}: ${stderr.toString()}`);
  return stdout;
}
