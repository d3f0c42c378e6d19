import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCameraSource, redactSource } from './camera-source.js';
import { isRegularsError } from './errors.js';

const RULES = { allowLavfi: false };

function refusal(source: string, rules = RULES): unknown {
  try {
    return parseCameraSource(source, rules);
  } catch (error) {
    return isRegularsError(error) ? error.code : error;
  }
}

describe('parseCameraSource', () => {
  it.each([
    ['rtsp://10.0.0.2/live', { kind: 'rtsp', url: 'rtsp://10.0.0.2/live' }],
    [' RTSPS://u:p%40@cam.shop:322/1?x=1 ', { kind: 'rtsp', url: 'rtsps://u:p%40@cam.shop:322/1?x=1' }],
    ['0', { kind: 'device', number: 0 }],
    ['/dev/video2', { kind: 'device', number: 2 }],
    ['device:FaceTime HD Camera', { kind: 'named-device', name: 'FaceTime HD Camera' }],
    ['door/monday 1.mp4', { kind: 'file', path: 'door/monday 1.mp4' }],
    ['/videos/door.mp4', { kind: 'file', path: '/videos/door.mp4' }],
    ['C:\\videos\\door.mp4', { kind: 'file', path: 'C:\\videos\\door.mp4' }],
  ])('accepts %s', (source, spec) => {
    expect(parseCameraSource(source, RULES)).toEqual(spec);
  });

  it.each([
    '',
    'http://10.0.0.2/live',
    'https://10.0.0.2/live.m3u8',
    'ftp://10.0.0.2/a.mp4',
    'concat:a.mp4|b.mp4',
    'file:///etc/passwd',
    'file:a.mp4',
    'pipe:0',
    'data:video/mp4;base64,AAAA',
    'subfile,,start,0,end,0,,:/etc/passwd',
    'crypto:a',
    'door/12:00.mp4',
    'tcp://10.0.0.2:1',
    'udp://@239.0.0.1:1234',
    '../secret.mp4',
    'a/../../secret.mp4',
    'a\\..\\..\\secret.mp4',
    '-i',
    '\\\\server\\share\\a.mp4',
    '//server/share/a.mp4',
    'rtsp://',
    'rtsp:/host/1',
    'rtsp://user:pa ss@host/1',
    'rtsp://user:p#w@host/1',
    'device:',
    'device:a:audio=b',
    'a\nb.mp4',
    'a\0.mp4',
    'lavfi:testsrc',
    `rtsp://host/${'x'.repeat(600)}`,
  ])('refuses %j', (source) => {
    expect(refusal(source)).toBe('CAMERA_SOURCE_REFUSED');
  });

  it('accepts test pictures where they are allowed, and no other filter', () => {
    const rules = { allowLavfi: true };
    expect(parseCameraSource('lavfi:testsrc2=size=640x480:rate=25', rules)).toEqual({
      kind: 'lavfi',
      graph: 'testsrc2=size=640x480:rate=25',
    });
    expect(refusal('lavfi:movie=/etc/passwd', rules)).toBe('CAMERA_SOURCE_REFUSED');
    expect(refusal('lavfi:testsrc,movie=/etc/passwd', rules)).toBe('CAMERA_SOURCE_REFUSED');
  });

  it('never repeats the source in its refusal', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^hush[a-z]{8}$/),
        fc.constantFrom('http://', 'rtsp://a b'),
        (word, head) => {
          try {
            parseCameraSource(`${head}owner:${word}@host/`, RULES);
          } catch (error) {
            expect(JSON.stringify([error, String(error)])).not.toContain(word);
            return;
          }
          throw new Error('was accepted');
        },
      ),
    );
  });
});

describe('redactSource', () => {
  it('shows where a camera is, without its credentials', () => {
    expect(redactSource('rtsp://owner:hush@10.0.0.2:554/live')).toBe('rtsp://[redacted]@10.0.0.2:554/live');
    expect(redactSource('rtsp://10.0.0.2/live?h=hush')).toBe('rtsp://10.0.0.2/live?[redacted]');
    expect(redactSource('rtsp://10.0.0.2/user=hush&password=hush&channel=1')).not.toContain('hush');
    expect(redactSource('RTSP://a:hush@hush@cam/1')).toBe('RTSP://[redacted]@cam/1');
    expect(redactSource('/dev/video0')).toBe('/dev/video0');
    expect(redactSource('/videos/door.mp4')).toBe('/videos/door.mp4');
  });
});
