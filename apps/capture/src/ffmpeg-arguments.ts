import { assertNever, type CameraSourceSpec, RegularsError } from '@regulars/contracts';

/** What the ffmpeg at hand can do. */
export interface FfmpegFeatures {
  /** Name of the RTSP demuxer's option for the time without any answer, microseconds: `-timeout` from ffmpeg 5
   *  on, `-stimeout` before; the wrong one makes ffmpeg exit at once. */
  readonly rtspTimeoutOption: 'timeout' | 'stimeout';
}

export interface PictureOptions {
  /** Frames per second. */
  readonly fps: number;
  /** Longest side of a frame, pixels. */
  readonly maxWidthPx: number;
  readonly stallMs: number;
}

/** Containers that hold their pictures themselves. A playlist below the allowed folder could name other files. */
const FILE_FORMATS =
  'mov,mp4,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,asf,ogg,h264,hevc,m4v,mjpeg,ivf,wtv,3gp,mxf,gif';

/** Arguments that make ffmpeg decode a source to JPEGs, one after the other on its standard output. It reads
 *  `q` from its standard input to end.
 *  @param platform as in process.platform: how devices are opened
 *  @throws RegularsError CAMERA_SOURCE_REFUSED when the platform has no such device */
export function ffmpegArguments(
  source: CameraSourceSpec,
  options: PictureOptions,
  platform: string,
  features: FfmpegFeatures,
): string[] {
  return [
    ...['-hide_banner', '-loglevel', 'error', '-threads', '1'],
    ...inputArguments(source, options, platform, features),
    ...['-map', '0:v:0', '-vf', filterOf(options)],
    // One thread: each further thread of the encoder holds a frame back.
    ...['-threads', '1', '-c:v', 'mjpeg', '-q:v', '5', '-f', 'image2pipe', 'pipe:1'],
  ];
}

function filterOf({ fps, maxWidthPx }: PictureOptions): string {
  const shrunk = (side: 'iw' | 'ih') => `max(2,trunc(${side}*min(1,${maxWidthPx}/max(iw,ih))/2)*2)`;
  return `fps=${fps},scale=w='${shrunk('iw')}':h='${shrunk('ih')}'`;
}

function inputArguments(
  source: CameraSourceSpec,
  options: PictureOptions,
  platform: string,
  features: FfmpegFeatures,
): string[] {
  switch (source.kind) {
    case 'rtsp': {
      const timeoutUs = String(Math.min(10_000, Math.max(2_000, options.stallMs)) * 1_000);
      return [
        ...['-rtsp_transport', 'tcp', `-${features.rtspTimeoutOption}`, timeoutUs],
        ...['-fflags', 'nobuffer', '-flags', 'low_delay', '-i', source.url],
      ];
    }
    case 'file':
      return [
        ...['-re', '-stream_loop', '-1', '-protocol_whitelist', 'file'],
        ...['-format_whitelist', FILE_FORMATS, '-i', `file:${source.path}`],
      ];
    case 'lavfi':
      return ['-re', '-f', 'lavfi', '-i', source.graph];
    case 'device':
      return numberedDevice(source.number, platform);
    case 'named-device':
      return namedDevice(source.name, platform);
    default:
      return assertNever(source);
  }
}

function numberedDevice(number: number, platform: string): string[] {
  switch (platform) {
    case 'linux':
      return ['-f', 'v4l2', '-thread_queue_size', '4', '-i', `/dev/video${number}`];
    case 'darwin':
      return ['-f', 'avfoundation', '-framerate', '30', '-i', `${number}:none`];
    case 'win32':
      throw refused(
        'Windows knows cameras by name: use device:NAME ("ffmpeg -list_devices true -f dshow -i x")',
      );
    default:
      throw refused(`devices cannot be opened on ${platform}`);
  }
}

function namedDevice(name: string, platform: string): string[] {
  switch (platform) {
    case 'darwin':
      return ['-f', 'avfoundation', '-framerate', '30', '-i', `${name}:none`];
    case 'win32':
      return ['-f', 'dshow', '-rtbufsize', '64M', '-i', `video=${name}`];
    default:
      throw refused('devices have numbers here: use 0 or /dev/video0');
  }
}

function refused(reason: string): RegularsError {
  return new RegularsError('CAMERA_SOURCE_REFUSED', { source: reason });
}
