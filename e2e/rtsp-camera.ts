import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface RtspCamera {
  readonly url: string;
  close(): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;

/** Serves a film, looped, as an RTSP camera over TCP on this machine (GStreamer's RTSP server). */
export async function startRtspCamera(file: string, name: string): Promise<RtspCamera> {
  const child = spawn(
    '/usr/bin/python3',
    [join(import.meta.dirname, 'rtsp-server.py'), '--file', file, '--name', name],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const url = await readyUrl(child);
  return {
    url,
    close: async () => {
      if (child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function readyUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(
      () => reject(new Error(`the RTSP server does not start: ${text}`)),
      START_TIMEOUT_MS,
    );
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      const url = /^ready (\S+)$/m.exec(text)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => reject(new Error(`the RTSP server ended with ${code}: ${text}`)));
  });
}
