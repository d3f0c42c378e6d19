import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { messageOf, RegularsError, redactText } from '@regulars/contracts';
import { filmArguments, type PictureOptions } from './ffmpeg-arguments.js';
import { JpegSplitter, type Picture } from './jpeg-stream.js';

/** A picture of a film with its own time. */
export interface FilmPicture extends Picture {
  /** Since the film's beginning. */
  readonly atMs: number;
}

export interface FilmOptions extends Pick<PictureOptions, 'fps' | 'maxWidthPx'> {
  readonly ffmpegPath: string;
  readonly path: string;
}

const KEPT_OUTPUT = 2_000;

/** The pictures of a film as a camera would send them, once and as fast as they are taken instead of at the
 *  film's own speed: what evaluations look at. The decoder ends when the caller stops reading.
 *  @throws RegularsError CAMERA_UNREADABLE when it holds no picture */
export async function* filmPictures({
  ffmpegPath,
  path,
  ...options
}: FilmOptions): AsyncGenerator<FilmPicture> {
  const child = spawn(ffmpegPath, filmArguments(path, options), {
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let complaint = '';
  child.stderr.on(
    'data',
    (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-KEPT_OUTPUT)),
  );
  child.once('error', (error) => (complaint += messageOf(error)));
  const closed = once(child, 'close').catch(() => undefined);
  const splitter = new JpegSplitter();
  let pictures = 0;
  try {
    for await (const chunk of child.stdout) {
      for (const picture of splitter.push(chunk as Buffer)) {
        yield { ...picture, atMs: (pictures * 1_000) / options.fps };
        pictures += 1;
      }
    }
  } finally {
    child.kill('SIGKILL');
    await closed;
  }
  if (pictures === 0) {
    throw new RegularsError('CAMERA_UNREADABLE', { reason: redactText(complaint.trim()) || 'no picture' });
  }
}
