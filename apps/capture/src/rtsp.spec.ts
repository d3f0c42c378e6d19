import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { locateFfmpeg } from './ffmpeg.js';
import { CaptureRig } from './testing/capture-rig.js';

const PYTHON = '/usr/bin/python3';
const SCRIPT = fileURLToPath(new URL('../../../e2e/rtsp-server.py', import.meta.url));
const GI = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer";
const WAIT = { timeout: 25_000, interval: 20 };

const ffmpeg = await locateFfmpeg().catch(() => null);
const reason = missingPart();
if (reason !== null) process.stderr.write(`rtsp.spec.ts: skipped, because ${reason}\n`);

function missingPart(): string | null {
  if (ffmpeg === null) return 'no ffmpeg is on this machine';
  if (!existsSync(PYTHON)) return `${PYTHON} is not there`;
  try {
    execFileSync(PYTHON, ['-c', GI], { stdio: 'ignore' });
    return null;
  } catch {
    return "GStreamer's RTSP server (gir1.2-gst-rtsp-server-1.0) is not installed";
  }
}

const root = mkdtempSync(join(tmpdir(), 'regulars-rtsp-'));
const film = join(root, 'film.mp4');
const servers: ChildProcess[] = [];
let rig: CaptureRig | null = null;

/** @returns the server and the address that it serves */
async function serve(...options: string[]): Promise<{ server: ChildProcess; url: URL }> {
  const server = spawn(PYTHON, [SCRIPT, '--file', film, '--name', 'door', ...options], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  servers.push(server);
  for await (const line of createInterface({ input: server.stdout })) {
    const url = /^ready (\S+)$/.exec(line)?.[1];
    if (url !== undefined) return { server, url: new URL(url) };
  }
  throw new Error('the RTSP server did not start');
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill('SIGKILL');
  await once(server, 'exit');
}

function withCredentials(url: URL, user: string, password: string): string {
  return url.href.replace('rtsp://', `rtsp://${user}:${password}@`);
}

/** Command lines of this process's ffmpegs, as everybody on the machine may read them. */
function commandLines(): string[] {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
    .trim()
    .split(' ');
  return children
    .map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '))
    .filter((line) => line.includes('ffmpeg'));
}

beforeAll(() => {
  if (ffmpeg === null) return;
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25:duration=2'];
  execFileSync(ffmpeg.path, ['-loglevel', 'error', ...source, '-pix_fmt', 'yuv420p', film]);
});
afterEach(async () => {
  await rig?.stop();
  rig = null;
  await Promise.all(servers.splice(0).map(end));
});
afterAll(() => rmSync(root, { recursive: true }));

// The first film that GStreamer serves on a machine waits until it has looked at all its plugins.
describe.runIf(reason === null)('an RTSP camera', { timeout: 60_000 }, () => {
  it('is filmed over TCP with user name and password, which come out nowhere', async () => {
    const { url } = await serve('--user', 'shop', '--password', 'hush@hush');
    rig = await CaptureRig.start([{ source: withCredentials(url, 'shop', 'hush%40hush') }], {});
    const { frames, lines, statuses } = rig;
    await vi.waitFor(() => expect(frames.length).toBeGreaterThan(15), WAIT);
    expect(frames[0]?.frame).toMatchObject({ widthPx: 320, heightPx: 240 });
    expect(rig.states()).toEqual(['connecting', 'live']);
    expect(commandLines()).toEqual([expect.stringContaining('-i pipe:3')]);
    expect(commandLines().join()).not.toContain('hush');
    expect(JSON.stringify([lines, statuses, await rig.cameras.list()])).not.toContain('hush');
  });

  it('with a wrong password is unauthorised, and the password comes out nowhere', async () => {
    const { url } = await serve('--user', 'shop', '--password', 'right');
    rig = await CaptureRig.start([{ source: withCredentials(url, 'shop', 'hush-wrong') }], {});
    const started = rig;
    await vi.waitFor(
      () => expect(started.states()).toEqual(['connecting', 'gone CAMERA_UNAUTHORISED']),
      WAIT,
    );
    await vi.waitFor(() => expect(started.lines.join()).toContain('401'), WAIT);
    expect(started.lines.join()).toContain('rtsp://[redacted]@127.0.0.1');
    expect(started.lines.join()).not.toContain('hush');
  });

  it('with an unknown path is unreadable', async () => {
    const { url } = await serve();
    rig = await CaptureRig.start([{ source: `${url.href}-not` }], {});
    const started = rig;
    await vi.waitFor(() => expect(started.states()).toEqual(['connecting', 'gone CAMERA_UNREADABLE']), WAIT);
  });

  it('is not live while its server is dead, and comes back by itself', async () => {
    const { server, url } = await serve();
    rig = await CaptureRig.start([{ source: url.href, stallMs: 2_000 }], {});
    const started = rig;
    await vi.waitFor(() => expect(started.states().at(-1)).toBe('live'), WAIT);
    await end(server);
    await vi.waitFor(() => expect(started.states().at(-1)).toBe('gone CAMERA_UNREACHABLE'), WAIT);
    expect(started.states().slice(0, 3)).toEqual([
      'connecting',
      'live',
      expect.stringMatching(/^stalled CAMERA_(UNREACHABLE|STALLED)$/),
    ]);
    const framesBefore = started.frames.length;
    await serve('--port', url.port);
    await vi.waitFor(() => expect(started.states().at(-1)).toBe('live'), WAIT);
    await vi.waitFor(() => expect(started.frames.length).toBeGreaterThan(framesBefore + 3), WAIT);
  }, 60_000);

  it('that freezes is stalled after its stall time, and comes back when it thaws', async () => {
    const { server, url } = await serve();
    rig = await CaptureRig.start([{ source: url.href, stallMs: 2_000 }], {});
    const started = rig;
    await vi.waitFor(() => expect(started.states().at(-1)).toBe('live'), WAIT);
    server.kill('SIGSTOP');
    const frozenAt = Date.now();
    await vi.waitFor(() => expect(started.states()[2]).toMatch(/^stalled /), WAIT);
    expect(Date.now() - frozenAt).toBeLessThan(4_000);
    server.kill('SIGCONT');
    await vi.waitFor(() => expect(started.states().at(-1)).toBe('live'), WAIT);
  }, 60_000);
});
