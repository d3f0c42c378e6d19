import { assertNever, type CameraFault, type CameraState, type CameraStatus } from '@regulars/contracts';

/** What is known of a camera now. */
export type CameraCondition = Omit<CameraStatus, 'cameraId' | 'storeId'>;

export type Happening =
  | { readonly kind: 'picture'; readonly widthPx: number; readonly heightPx: number }
  /** No picture for longer than the stall time. */
  | { readonly kind: 'silence' }
  /** The decoder ended, or could not be started. */
  | { readonly kind: 'ended'; readonly fault: CameraFault }
  | { readonly kind: 'closed'; readonly fault: 'removed' | 'shutdown' };

export const CAMERA_STATES = [
  'connecting',
  'live',
  'stalled',
  'gone',
] as const satisfies readonly CameraState[];

export function connecting(at: string): CameraCondition {
  return { state: 'connecting', since: at, fault: null, widthPx: null, heightPx: null };
}

/** The condition after something happened; the very same object when nothing changed. A live camera that falls
 *  silent or whose decoder ends is stalled; one that then cannot be opened again, or never could, is gone. It
 *  stays so, whatever is tried meanwhile, until a picture comes.
 *  @param at instant of the happening */
export function nextCondition(now: CameraCondition, happening: Happening, at: string): CameraCondition {
  switch (happening.kind) {
    case 'picture': {
      const { widthPx, heightPx } = happening;
      return now.state === 'live' ? now : { state: 'live', since: at, fault: null, widthPx, heightPx };
    }
    case 'silence':
      return now.state === 'live' ? { ...now, state: 'stalled', since: at, fault: 'CAMERA_STALLED' } : now;
    case 'ended':
      return now.state === 'live'
        ? { ...now, state: 'stalled', since: at, fault: happening.fault }
        : changed(now, 'gone', happening.fault, at);
    case 'closed':
      return changed(now, 'gone', happening.fault, at);
    default:
      return assertNever(happening);
  }
}

function changed(now: CameraCondition, state: CameraState, fault: CameraFault, at: string): CameraCondition {
  if (now.state === state && now.fault === fault) return now;
  return { state, since: at, fault, widthPx: null, heightPx: null };
}

const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;

/** How long to wait before the decoder is started again: 1 s doubled with each failure in a row up to 60 s,
 *  less up to a fifth, so that cameras behind one switch do not all come at once.
 *  @param failures in a row, from 1
 *  @param random 0 .. 1 */
export function restartDelayMs(failures: number, random: number): number {
  const full = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(16, failures - 1));
  return Math.max(FIRST_BACKOFF_MS, Math.round(full * (1 - random / 5)));
}

const UNAUTHORISED = /\b(401|403)\b|unauthori[sz]ed|authori[sz]ation failed|forbidden/i;
const UNREADABLE =
  /\b404\b|invalid data|moov atom not found|does not contain any stream|matches no streams|could not find codec|not found in whitelist|not on whitelist|unknown format|no decoder|decoder .* not found|end of file/i;
const UNREACHABLE =
  /refused|timed? ?out|no route|unreachable|resolve|not known|reset by peer|broken pipe|no such (file|device)|permission denied|busy|input\/output error|operation not permitted/i;

/** What ffmpeg's last words mean. Its exit code says nothing.
 *  @param isNetwork whether the source is an address: then silence means that it cannot be reached */
export function faultOfOutput(stderr: string, isNetwork: boolean): CameraFault {
  if (UNAUTHORISED.test(stderr)) return 'CAMERA_UNAUTHORISED';
  if (UNREACHABLE.test(stderr)) return 'CAMERA_UNREACHABLE';
  if (UNREADABLE.test(stderr)) return 'CAMERA_UNREADABLE';
  return isNetwork ? 'CAMERA_UNREACHABLE' : 'CAMERA_UNREADABLE';
}
