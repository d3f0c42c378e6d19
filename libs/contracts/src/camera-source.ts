import { RegularsError } from './errors.js';
import { REDACTED, redactText } from './redact-text.js';

/** Where pictures come from, by kind. */
export type CameraSourceSpec =
  /** An address on the network; may carry credentials. */
  | { readonly kind: 'rtsp'; readonly url: string }
  /** Below CAPTURE_FILES_DIR, absolute or relative to it; capture checks where it really lies. */
  | { readonly kind: 'file'; readonly path: string }
  /** `number` as the system counts its cameras from 0. */
  | { readonly kind: 'device'; readonly number: number }
  /** As the system names it (macOS, Windows). */
  | { readonly kind: 'named-device'; readonly name: string }
  /** A test picture made by ffmpeg. */
  | { readonly kind: 'lavfi'; readonly graph: string };

export interface CameraSourceRules {
  readonly allowLavfi: boolean;
}

const SCHEME = /^([a-z][a-z0-9+.-]+):/i;
const DEVICE = /^(?:\/dev\/video)?(\d{1,2})$/;
const DEVICE_NAME = /^[\p{L}\p{N} ._()@#&+-]{1,80}$/u;
const TEST_PICTURE = /^(?:testsrc2?|smptebars|color|mandelbrot)(?:=[a-z0-9_.:=/-]*)?$/;

/** Reads a camera's source, strictly: only addresses of cameras, plain files and devices are accepted, never
 *  ffmpeg's other inputs (http, concat, pipe, playlists by address ...).
 *  @throws RegularsError CAMERA_SOURCE_REFUSED with the reason; never with the source itself */
export function parseCameraSource(source: string, rules: CameraSourceRules): CameraSourceSpec {
  const text = source.trim();
  if (text === '') throw refused('is empty');
  if (text.length > 500) throw refused('is longer than 500 characters');
  if (/\p{Cc}/u.test(text)) throw refused('holds a control character');
  const device = DEVICE.exec(text);
  if (device) return { kind: 'device', number: Number(device[1]) };
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return parseFile(text);
  const rest = text.slice(scheme.length + 1);
  switch (scheme) {
    case 'rtsp':
    case 'rtsps':
      return parseAddress(`${scheme}:${rest}`);
    case 'device':
      if (!DEVICE_NAME.test(rest)) throw refused('holds no name of a device after device:');
      return { kind: 'named-device', name: rest };
    case 'lavfi':
      if (!rules.allowLavfi) throw refused('is a test picture, which CAPTURE_ALLOW_LAVFI does not allow');
      if (!TEST_PICTURE.test(rest)) throw refused('is not one of the test pictures that are allowed');
      return { kind: 'lavfi', graph: rest };
    default:
      throw refused('is of a kind that is not allowed (only rtsp, rtsps, a file or a device)');
  }
}

function parseAddress(url: string): CameraSourceSpec {
  const hasForm = /^rtsps?:\/\/[^\s|]+$/.test(url) && URL.canParse(url) && new URL(url).hostname !== '';
  if (!hasForm) {
    throw refused(
      'is no complete rtsp address; odd characters of a password are written as %40 (@), %23 (#), %2F (/)',
    );
  }
  return { kind: 'rtsp', url };
}

function parseFile(path: string): CameraSourceSpec {
  if (path.startsWith('-') || path.startsWith('\\\\') || path.startsWith('//')) {
    throw refused('is no path of a file');
  }
  if (path.replace(/^[a-z]:[\\/]/i, '').includes(':')) throw refused('holds a colon, like an address');
  if (path.split(/[\\/]/).includes('..')) throw refused('leads out of its folder');
  return { kind: 'file', path };
}

function refused(reason: string): RegularsError {
  return new RegularsError('CAMERA_SOURCE_REFUSED', { source: reason });
}

/** A source fit to be shown: without user name, password and the values of its query. */
export function redactSource(source: string): string {
  return redactText(source).replace(/\?.*$/s, `?${REDACTED}`);
}
