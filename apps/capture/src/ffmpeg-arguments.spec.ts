import type { CameraSourceSpec } from '@regulars/contracts';
import { describe, expect, it } from 'vitest';
import { ffmpegInvocation } from './ffmpeg-arguments.js';

const OPTIONS = { fps: 5, maxWidthPx: 1280, stallMs: 10_000 };
const FFMPEG_5 = { rtspTimeoutOption: 'timeout' } as const;

/** The arguments up to the input. */
function input(source: CameraSourceSpec, platform = 'linux'): string {
  const all = ffmpegInvocation(source, OPTIONS, platform, FFMPEG_5).arguments;
  return all.slice(5, all.indexOf('-i') + 2).join(' ');
}

describe('ffmpegInvocation', () => {
  it('opens RTSP over TCP, with a time-out and without buffering, and hides the address', () => {
    const source = { kind: 'rtsp', url: "rtsp://u:it's@10.0.0.2/1" } as const;
    expect(ffmpegInvocation(source, OPTIONS, 'linux', FFMPEG_5)).toEqual({
      arguments: [
        ...['-hide_banner', '-loglevel', 'error', '-threads', '1', '-f', 'concat', '-safe', '0'],
        ...['-protocol_whitelist', 'pipe,rtsp,rtsps,rtp,tcp,udp,tls', '-flags', 'low_delay', '-i', 'pipe:3'],
        ...['-map', '0:v:0', '-vf'],
        "fps=5,scale=w='max(2,trunc(iw*min(1,1280/max(iw,ih))/2)*2)':h='max(2,trunc(ih*min(1,1280/max(iw,ih))/2)*2)'",
        ...['-threads', '1', '-c:v', 'mjpeg', '-q:v', '5', '-f', 'image2pipe', 'pipe:1'],
      ],
      script: `ffconcat version 1.0
file 'rtsp://u:it'\\''s@10.0.0.2/1'
option rtsp_transport tcp
option timeout 10000000
option fflags nobuffer
option fpsprobesize 0
`,
    });
  });

  it.each([
    ['linux', 'stimeout', '-stimeout 10000000'],
    ['win32', 'timeout', '-timeout 10000000'],
  ] as const)(
    'names the address itself where it must: %s with -%s',
    (platform, rtspTimeoutOption, option) => {
      const { arguments: all, script } = ffmpegInvocation(
        { kind: 'rtsp', url: 'rtsp://h/1' },
        OPTIONS,
        platform,
        { rtspTimeoutOption },
      );
      expect(script).toBeNull();
      expect(all.join(' ')).toContain(
        `-rtsp_transport tcp ${option} -fflags nobuffer -fpsprobesize 0 -flags low_delay -i rtsp://h/1`,
      );
    },
  );

  it('plays a file again and again at its own speed, and lets it name no other input', () => {
    expect(input({ kind: 'file', path: '/videos/a b.mp4' })).toMatch(
      /^-re -stream_loop -1 -protocol_whitelist file -format_whitelist \S+ -i file:\/videos\/a b.mp4$/,
    );
    expect(input({ kind: 'file', path: '/v/a.mp4' })).not.toMatch(/hls|concat|sdp|image2/);
  });

  it('plays test pictures at their own speed', () => {
    expect(input({ kind: 'lavfi', graph: 'testsrc' })).toBe('-re -f lavfi -i testsrc');
  });

  it.each([
    ['linux', '-f v4l2 -thread_queue_size 4 -i /dev/video1'],
    ['darwin', '-f avfoundation -framerate 30 -i 1:none'],
  ])('opens device 1 on %s', (platform, expected) => {
    expect(input({ kind: 'device', number: 1 }, platform)).toBe(expected);
  });

  it.each([
    ['win32', '-f dshow -rtbufsize 64M -i video=Integrated Camera'],
    ['darwin', '-f avfoundation -framerate 30 -i Integrated Camera:none'],
  ])('opens a device by its name on %s', (platform, expected) => {
    expect(input({ kind: 'named-device', name: 'Integrated Camera' }, platform)).toBe(expected);
  });

  it('refuses a device that the platform does not know in this form', () => {
    const refused = expect.objectContaining({ code: 'CAMERA_SOURCE_REFUSED' });
    expect(() => input({ kind: 'device', number: 0 }, 'win32')).toThrow(refused);
    expect(() => input({ kind: 'named-device', name: 'x' }, 'linux')).toThrow(refused);
    expect(() => input({ kind: 'device', number: 0 }, 'aix')).toThrow(refused);
  });
});
