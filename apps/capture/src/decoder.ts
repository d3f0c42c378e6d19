import { type ChildProcess, spawn } from 'node:child_process';
import { Writable } from 'node:stream';
import { messageOf, redactText } from '@regulars/contracts';
import type { Clock } from './clock.js';
import type { FfmpegInvocation } from './ffmpeg-arguments.js';
import { JpegSplitter, type Picture } from './jpeg-stream.js';

export interface DecoderOptions extends FfmpegInvocation {
  readonly ffmpegPath: string;
  /** Called with the pictures of one read, oldest first, never with none. */
  readonly onPictures: (pictures: readonly Picture[]) => void;
}

/** A running ffmpeg. */
export interface Decoder {
  /** Resolves when it has ended, with the last it wrote on standard error, without credentials. */
  readonly ended: Promise<{ readonly stderr: string; readonly isMissing: boolean }>;
  /** Ends it: asks, then tells, then forces it. Resolves when it is gone. */
  stop(): Promise<void>;
}

export type StartDecoder = (options: DecoderOptions) => Decoder;

/** Bytes kept of what ffmpeg writes on standard error. */
const KEPT_OUTPUT = 8_192;
/** After `q`, and again after SIGTERM; a stalled ffmpeg ignores both. */
const GRACE_MS = 700;

/** Starts ffmpeg. Its standard error is drained always: it hangs otherwise. */
export function startDecoder(options: DecoderOptions, clock: Pick<Clock, 'wait'>): Decoder {
  const { ffmpegPath, script } = options;
  const child = spawn(ffmpegPath, options.arguments, {
    stdio: ['pipe', 'pipe', 'pipe', script === null ? 'ignore' : 'pipe'],
    windowsHide: true,
  });
  const splitter = new JpegSplitter();
  let tail = '';
  let missing = false;
  child.stdout?.on('data', (chunk: Buffer) => {
    const pictures = splitter.push(chunk);
    if (pictures.length > 0) options.onPictures(pictures);
  });
  child.stderr?.on('data', (chunk: Buffer) => (tail = (tail + chunk.toString()).slice(-KEPT_OUTPUT)));
  const gone = new AbortController();
  const ended = new Promise<{ stderr: string; isMissing: boolean }>((resolve) => {
    const end = (): void => {
      gone.abort();
      resolve({ stderr: lastLines(tail), isMissing: missing });
    };
    child.once('error', (error: NodeJS.ErrnoException) => {
      tail += `\n${messageOf(error)}`;
      missing = error.code === 'ENOENT' || error.code === 'EACCES';
      if (child.pid === undefined) end();
    });
    child.once('close', end);
  });
  // It may be gone when something is written to it.
  const inputs = [child.stdin, child.stdio[3]].filter((stream) => stream instanceof Writable);
  for (const stream of inputs) stream.on('error', () => undefined);
  if (script !== null) inputs[1]?.end(script);
  return { ended, stop: () => stopChild(child, gone.signal, clock) };
}

async function stopChild(child: ChildProcess, gone: AbortSignal, clock: Pick<Clock, 'wait'>): Promise<void> {
  child.stdin?.end('q');
  await clock.wait(GRACE_MS, gone);
  if (!gone.aborted) child.kill('SIGTERM');
  await clock.wait(GRACE_MS, gone);
  if (gone.aborted) return;
  const closed = new Promise<void>((resolve) => gone.addEventListener('abort', () => resolve()));
  child.kill('SIGKILL');
  await closed;
}

/** Of a tail that may begin in the middle of an address, so its first line goes. */
function lastLines(tail: string): string {
  const whole = tail.length < KEPT_OUTPUT ? tail : tail.slice(tail.indexOf('\n') + 1);
  return redactText(whole.trim().split('\n').slice(-6).join('\n'));
}
