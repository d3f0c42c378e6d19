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

/** What ffmpeg is started with. */
export interface FfmpegInvocation {
  readonly arguments: readonly string[];
  /** Read by ffmpeg from its descriptor 3: names an address with its credentials, which would otherwise stand
   *  in the list of processes for everybody on the machine. Null when there is nothing to hide. */
  readonly script: string | null;
}

/** Containers that hold their pictures themselves. A playlist below the allowed folder could name other files. */
const FILE_FORMATS =
  'mov,mp4,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,asf,ogg,h264,hevc,m4v,mjpeg,ivf,wtv,3gp,mxf,gif';

/** What makes ffmpeg decode a source to JPEGs, one after the other on its standard output. It reads
 *  `q` from its standard input to end.
 *  @param platform as in process.platform: how devices are opened
 *  @throws RegularsError CAMERA_SOURCE_REFUSED when the platform has no such device */
export function ffmpegInvocation(
  source: CameraSourceSpec,
  options: PictureOptions,
  platform: string,
  features: FfmpegFeatures,
): FfmpegInvocation {
  if (source.kind !== 'rtsp') {
    return { arguments: around(inputArguments(source, platform), options), script: null };
  }
  const timeoutUs = Math.min(10_000, Math.max(2_000, options.stallMs)) * 1_000;
  // Scripts with options of the input came with ffmpeg 5; descriptor 3 is not handed on by Windows.
  const hides = features.rtspTimeoutOption === 'timeout' && platform !== 'win32';
  return hides
    ? { arguments: around(SCRIPTED_INPUT, options), script: rtspScript(source.url, timeoutUs) }
    : { arguments: around(rtspInput(source.url, timeoutUs, features), options), script: null };
}

/** The same for a film that is read once and as fast as its pictures are taken.
 *  @param path of a plain file */
export function filmArguments(
  path: string,
  options: Pick<PictureOptions, 'fps' | 'maxWidthPx'>,
): readonly string[] {
  return around(
    ['-protocol_whitelist', 'file,pipe', '-format_whitelist', FILE_FORMATS, '-i', `file:${path}`],
    options,
  );
}

function around(input: readonly string[], options: Pick<PictureOptions, 'fps' | 'maxWidthPx'>): string[] {
  return [
    ...['-hide_banner', '-loglevel', 'error', '-threads', '1'],
    ...input,
    ...['-map', '0:v:0', '-vf', filterOf(options)],
    // One thread: each further thread of the encoder holds a frame back.
    ...['-threads', '1', '-c:v', 'mjpeg', '-q:v', '5', '-f', 'image2pipe', 'pipe:1'],
  ];
}

function filterOf({ fps, maxWidthPx }: Pick<PictureOptions, 'fps' | 'maxWidthPx'>): string {
  const shrunk = (side: 'iw' | 'ih') => `max(2,trunc(${side}*min(1,${maxWidthPx}/max(iw,ih))/2)*2)`;
  return `fps=${fps},scale=w='${shrunk('iw')}':h='${shrunk('ih')}'`;
}

const SCRIPTED_INPUT = [
  ...['-f', 'concat', '-safe', '0', '-protocol_whitelist', 'pipe,rtsp,rtsps,rtp,tcp,udp,tls'],
  ...['-flags', 'low_delay', '-i', 'pipe:3'],
];

/** `fpsprobesize 0`: the rate is not guessed from the first second; measured 1.0 s sooner to the first picture. */
function rtspScript(url: string, timeoutUs: number): string {
  return [
    'ffconcat version 1.0',
    `file '${url.replaceAll("'", "'\\''")}'`,
    'option rtsp_transport tcp',
    `option timeout ${timeoutUs}`,
    'option fflags nobuffer',
    'option fpsprobesize 0',
    '',
  ].join('\n');
}

function rtspInput(url: string, timeoutUs: number, { rtspTimeoutOption }: FfmpegFeatures): string[] {
  return [
    ...['-rtsp_transport', 'tcp', `-${rtspTimeoutOption}`, String(timeoutUs), '-fflags', 'nobuffer'],
    ...['-fpsprobesize', '0', '-flags', 'low_delay', '-i', url],
  ];
}

function inputArguments(source: Exclude<CameraSourceSpec, { kind: 'rtsp' }>, platform: string): string[] {
  switch (source.kind) {
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
