import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { Planes } from './planes.js';

/** Encodes pictures to an H.264 film, as a camera's recorder would. */
export class FilmWriter {
  private readonly child: ChildProcessByStdio<Writable, null, Readable>;
  private readonly closed: Promise<unknown>;
  private complaint = '';

  constructor(ffmpeg: string, path: string, film: { fps: number; widthPx: number; heightPx: number }) {
    const { fps, widthPx, heightPx } = film;
    this.child = spawn(
      ffmpeg,
      [
        ...['-hide_banner', '-loglevel', 'error', '-f', 'rawvideo', '-pix_fmt', 'yuv420p'],
        ...['-s', `${widthPx}x${heightPx}`, '-r', String(fps), '-i', 'pipe:0', '-an'],
        // One thread: the same pictures give the same film.
        ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-threads', '1', '-pix_fmt', 'yuv420p'],
        ...['-y', path],
      ],
      { stdio: ['pipe', 'ignore', 'pipe'], windowsHide: true },
    );
    this.child.stderr.on(
      'data',
      (chunk: Buffer) => (this.complaint = (this.complaint + chunk.toString()).slice(-2_000)),
    );
    this.child.stdin.on('error', () => undefined);
    this.closed = once(this.child, 'close').catch((error: unknown) => (this.complaint += String(error)));
  }

  /** @returns once the picture may be changed */
  async add({ data }: Planes): Promise<void> {
    await new Promise<void>((resolve) => this.child.stdin.write(data, () => resolve()));
  }

  /** @throws Error with ffmpeg's words when the film could not be made */
  async end(): Promise<void> {
    this.child.stdin.end();
    await this.closed;
    if (this.child.exitCode !== 0) throw new Error(`the film cannot be written: ${this.complaint.trim()}`);
  }

  /** Gives up. */
  async abandon(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.closed;
  }
}
